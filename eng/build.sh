#!/usr/bin/env bash
# Builds one project or the solution: eng/build.sh Lb.sln
. "$(dirname "$0")/lib.sh"

build "$@"
