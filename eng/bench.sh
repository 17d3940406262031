#!/usr/bin/env bash
# Runs the benchmarks.
. "$(dirname "$0")/lib.sh"

build bench/Lb.Bench/Lb.Bench.csproj
is_root || die "benchmarks run BPF programs and need root: sudo make bench"
exec "$ARTIFACTS/bin/Lb.Bench/${CONFIGURATION,,}/Lb.Bench" "$@"
