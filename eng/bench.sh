#!/usr/bin/env bash
# Runs the benchmarks (BENCH=packets|tables|actors|all). Options go to the program, when one part is asked for.
. "$(dirname "$0")/lib.sh"

BENCH=${BENCH:-all}

# run PROGRAM [options]
run() { "$ARTIFACTS/bin/$1/${CONFIGURATION,,}/$1" "${@:2}"; }

kernel() {
    build bench/Lb.Bench/Lb.Bench.csproj
    is_root || die "packets and tables run BPF programs and need root: sudo make bench; or BENCH=actors"
    run Lb.Bench "$@"
}

actors() {
    build bench/Lb.ActorBench/Lb.ActorBench.csproj
    run Lb.ActorBench "$@"
}

case $BENCH in
all)
    kernel
    actors
    ;;
packets | tables) kernel --only "$BENCH" "$@" ;;
actors) actors "$@" ;;
*) die "BENCH=$BENCH: expected packets, tables, actors or all" ;;
esac
