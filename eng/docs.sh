#!/usr/bin/env bash
# Writes what is generated from the definitions: manuals, completion, the list of log events.
. "$(dirname "$0")/lib.sh"

build eng/docs/Lb.Docs.csproj
"$ARTIFACTS/bin/Lb.Docs/${CONFIGURATION,,}/Lb.Docs" "$ROOT"
