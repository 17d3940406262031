#!/usr/bin/env bash
# Three nodes, one balancer: shows what long connections notice when nodes are killed, drained and restarted.
# ONCE=1 ends by itself; otherwise everything stays up until Ctrl-C.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/demo/stage.sh"
. "$(dirname "$0")/demo/net.sh"
. "$(dirname "$0")/demo/servers.sh"
. "$(dirname "$0")/demo/load.sh"
. "$(dirname "$0")/demo/nodes.sh"

CONFIG=$ROOT/config/sites/demo-cluster.conf
PBM=$ARTIFACTS/bin/Lb.Pbm/${CONFIGURATION,,}/pbm

end_demo() {
    local node
    stop_flows
    for node in "${NODES[@]}"; do
        [ -z "${LBD_OF[$node]:-}" ] || end_node "$node" KILL
        clean_node "$node"
    done
    stop_postgres
}

begin() {
    local node backend
    step "1. Three nodes, PostgreSQL, certificates of their own"
    build_cluster_network
    for backend in "${BACKENDS[@]}"; do
        start_nginx "$backend"
    done
    start_postgres
    make_certificates
    for node in "${NODES[@]}"; do
        start_node "$node"
    done
    for node in "${NODES[@]}"; do
        wait_for 60 "three nodes that agree, as $node sees it" in_cluster "$node" 3
    done
    wait_for 20 "a holder for each VIP" vips_are_held n1
    pbm n1 cluster show
    pbm n1 cluster health
    pbm n1 cluster vips
    tally_all 90
    open_flows
    say "  $FLOWS long connections are open"
}

show_killed_node() {
    local node since asked=n1
    node=$(holder 10.77.1.100 n1)
    [ "$node" != n1 ] || asked=n2
    step "2. $node, which answers for 10.77.1.100, is killed and its cables are cut"
    since=$EPOCHREALTIME
    end_node "$node" KILL
    cables "$node" down
    answered_after http://10.77.1.100/ "$since"
    wait_for 20 "another holder for each VIP" vips_are_held "$asked"
    flows_report
    step "3. $node is back"
    cables "$node" up
    start_node "$node"
    wait_for 60 "three nodes again" in_cluster "$node" 3
    flows_report
}

show_drain() {
    local node
    node=$(holder 10.77.1.101 n1)
    step "4. $node is drained (pbm cluster drain), then takes part again"
    pbm "$node" cluster drain
    flows_report
    pbm "$node" cluster drain --undo >/dev/null
}

show_rolling_restart() {
    local node
    step "5. All nodes are restarted, one after the other"
    for node in "${NODES[@]}"; do
        end_node "$node" TERM
        start_node "$node"
        wait_for 60 "$node in the cluster" in_cluster "$node" 3
        say "  $node has restarted"
    done
    flows_report
}

show_backend() {
    step "6. nginx in b1 stops: the nodes agree by vote"
    stop_nginx b1
    wait_for 30 "a verdict on all nodes" agreed_down
    pbm n1 cluster health
    tally_all 90
    start_nginx b1
    wait_for 30 "b1 up on all nodes" agreed_up
    say "  b1 is back; its own long connections ended with it"
}

agreed_down() { [ "$(pbm n3 cluster health | grep -c '| down ')" -eq 3 ]; }

agreed_up() { [ "$(pbm n3 cluster health | grep -c '| down ')" -eq 0 ]; }

show_database() {
    local node since
    step "7. PostgreSQL stops, and then a node is lost"
    stop_postgres
    node=$(holder 10.77.1.100 n1)
    since=$EPOCHREALTIME
    end_node "$node" KILL
    cables "$node" down
    answered_after http://10.77.1.100/ "$since"
    tally_all 90
}

stay() {
    step "Try it yourself (Ctrl-C ends)"
    cat <<END
  nsenter --net=/run/netns/lb-demo-client curl http://10.77.1.100/
  nsenter --net=/run/netns/lb-demo-n1 $PBM cluster show
  nsenter --net=/run/netns/lb-demo-n1 $PBM cluster vips
  less +F $WORK/n1.log
END
    stay_up
}

[ "${CLUSTER:-3}" = 3 ] || die "CLUSTER=$CLUSTER: the demo has three nodes, so CLUSTER=3"
prepare src/Lb.Host/Lb.Host.csproj src/Lb.Pbm/Lb.Pbm.csproj
begin
show_killed_node
show_drain
show_rolling_restart
show_backend
show_database
[ "${ONCE:-0}" = 1 ] || stay
