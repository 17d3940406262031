#!/usr/bin/env bash
# Three nodes, one balancer: shows what long connections notice when nodes are killed, drained, restarted and upgraded.
# They stand behind a router that spreads connections over them; with ANNOUNCE=arp on one segment, where one of them
# answers for each VIP. ONCE=1 ends by itself; otherwise everything stays up until Ctrl-C.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/demo/stage.sh"
. "$(dirname "$0")/demo/net.sh"
. "$(dirname "$0")/demo/servers.sh"
. "$(dirname "$0")/demo/load.sh"
. "$(dirname "$0")/demo/nodes.sh"
case ${ANNOUNCE:-bgp} in
bgp) . "$(dirname "$0")/demo/router.sh" ;;
arp) . "$(dirname "$0")/demo/arp.sh" ;;
*) die "ANNOUNCE=$ANNOUNCE: expected bgp or arp" ;;
esac

PBM=$ARTIFACTS/bin/Lb.Pbm/${CONFIGURATION,,}/pbm

end_demo() {
    local node
    stop_flows
    [ -z "$LOAD_PID" ] || kill "$LOAD_PID" 2>/dev/null || true
    for node in "${NODES[@]}"; do
        [ -z "${LBD_OF[$node]:-}" ] || end_node "$node" KILL
        clean_node "$node"
    done
    stop_postgres
    end_client_side
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
    wait_for 20 "an answer for each VIP" all_answer 3 n1
    pbm n1 cluster show
    pbm n1 cluster health
    pbm n1 cluster vips
    tally_all 90
    open_flows
    say "  $FLOWS long connections are open"
}

show_killed_node() {
    local node since asked=n1
    node=$(busy_node n1)
    [ "$node" != n1 ] || asked=n2
    step "2. $(what_is_lost "$node") is cut off and killed"
    start_probe
    since=$EPOCHREALTIME
    cables "$node" down
    end_node "$node" KILL
    answered_after "$since"
    wait_for 20 "the others to answer for each VIP" all_answer 2 "$asked"
    flows_report
    step "3. $node is back"
    cables "$node" up
    start_node "$node"
    wait_for 60 "three nodes again" in_cluster "$node" 3
    wait_for 20 "an answer for each VIP" all_answer 3 n1
    flows_report
}

show_drain() {
    local node
    node=$(busy_node n1)
    step "4. $node is drained (pbm cluster drain), then takes part again"
    pbm "$node" cluster drain
    wait_for 20 "the others to answer for each VIP" all_answer 2 n1
    flows_report
    pbm "$node" cluster drain --undo >/dev/null
    wait_for 20 "an answer for each VIP" all_answer 3 n1
}

show_rolling_restart() {
    local node
    step "5. All nodes are restarted, one after the other"
    for node in "${NODES[@]}"; do
        end_node "$node" TERM
        start_node "$node"
        wait_for 60 "$node in the cluster" in_cluster "$node" 3
        wait_for 20 "an answer for each VIP" all_answer 3 "$node"
        say "  $node has restarted"
    done
    flows_report
    step "6. All nodes are upgraded, one after the other: a new process takes the place of the old one"
    for node in "${NODES[@]}"; do
        upgrade_node "$node"
        wait_for 60 "$node in the cluster" in_cluster "$node" 3
        wait_for 20 "an answer for each VIP" all_answer 3 "$node"
        say "  $node runs a new process"
    done
    flows_report
}

show_backend() {
    step "7. nginx in b1 stops: the nodes agree by vote"
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
    step "8. PostgreSQL stops, and then a node is lost"
    stop_postgres
    node=$(busy_node n1)
    start_probe
    since=$EPOCHREALTIME
    cables "$node" down
    end_node "$node" KILL
    answered_after "$since"
    tally_all 90
}

stay() {
    step "Try it yourself (Ctrl-C ends)"
    cat <<END
  nsenter --net=/run/netns/lb-demo-client curl ${SERVICES[0]##* }
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
