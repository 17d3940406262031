#!/usr/bin/env bash
# Runs the benchmarks (BENCH=packets|live|spread|tables|actors|relays|mesh|replication|cluster|failover|all). Options go to the program, when one part is asked for.
. "$(dirname "$0")/lib.sh"

BENCH=${BENCH:-all}

# run PROGRAM [options]
run() { "$ARTIFACTS/bin/$1/${CONFIGURATION,,}/$1" "${@:2}"; }

kernel() {
    build bench/Lb.Bench/Lb.Bench.csproj
    is_root || die "packets and tables run BPF programs and need root: sudo make bench; or BENCH=actors"
    # shellcheck disable=SC2016 # Expanded by the shell inside.
    unshare --net sh -c 'ip link set lo up && exec "$0" "$@"' "$ARTIFACTS/bin/Lb.Bench/${CONFIGURATION,,}/Lb.Bench" "$@"
}

actors() {
    build bench/Lb.ActorBench/Lb.ActorBench.csproj
    run Lb.ActorBench "$@"
}

relays() {
    build bench/Lb.RelayBench/Lb.RelayBench.csproj
    is_root || die "relays are measured in network namespaces, which need root: sudo make bench BENCH=relays"
    run Lb.RelayBench "$@"
}

failover() {
    build bench/Lb.FailoverBench/Lb.FailoverBench.csproj
    is_root || die "nodes run in network namespaces, which need root: sudo make bench BENCH=failover"
    run Lb.FailoverBench "$@"
}

mesh() {
    build bench/Lb.MeshBench/Lb.MeshBench.csproj
    is_root || die "traffic between nodes is counted on a loopback of its own, which needs root: sudo make bench BENCH=mesh"
    # shellcheck disable=SC2016 # Expanded by the shell inside.
    unshare --net sh -c 'ip link set lo up && exec "$0" "$@"' \
        "$ARTIFACTS/bin/Lb.MeshBench/${CONFIGURATION,,}/Lb.MeshBench" "$@"
}

replication() {
    build bench/Lb.SharingBench/Lb.SharingBench.csproj
    is_root || die "flows are made in the kernel, which needs root: sudo make bench BENCH=replication"
    # shellcheck disable=SC2016 # Expanded by the shell inside.
    unshare --net sh -c 'ip link set lo up && exec "$0" "$@"' \
        "$ARTIFACTS/bin/Lb.SharingBench/${CONFIGURATION,,}/Lb.SharingBench" "$@"
}

scale() {
    cluster --nodes 1 --services 1000 --backends 100 --interval 0 --rate 100 "$@"
}

cluster() {
    build bench/Lb.ClusterBench/Lb.ClusterBench.csproj
    is_root || die "nodes run in network namespaces, which need root: sudo make bench BENCH=cluster"
    run Lb.ClusterBench "$@"
}

case $BENCH in
all)
    kernel
    actors
    relays
    mesh
    replication
    ;;
packets | live | spread | tables) kernel --only "$BENCH" "$@" ;;
actors) actors "$@" ;;
relays) relays "$@" ;;
failover) failover "$@" ;;
mesh) mesh "$@" ;;
replication) replication "$@" ;;
cluster) cluster "$@" ;;
scale) scale "$@" ;;
*) die "BENCH=$BENCH: expected packets, live, spread, tables, actors, relays, mesh, replication, cluster, scale, failover or all" ;;
esac
