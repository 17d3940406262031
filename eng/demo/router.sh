# The cluster demo behind a router: a bird of its own learns VIPs from all nodes, and spreads connections over them.
#
#   client ── router ── front ──┬ n1 ┬── back ──┬ b1
#               │               ├ n2 ┤    │     ├ b2
#               │               └ n3 ┘    │     └ b3
#               └─────────────────────────┘ answers
# shellcheck shell=bash disable=SC2034 # read by the demo

CONFIG=$ROOT/config/sites/demo-router.conf
NAMES=(client router front back n1 n2 n3 b1 b2 b3)
DSR_VIPS=(10.77.4.101/32 10.77.4.102/32 fd77:4::101/128)
GATEWAYS=(10.77.2.254 fd77:2::254)
CLIENT_VIPS='10\.77\.4\.10[12]|fd77:4::101'
SERVICES=(
    "dsr-ipip  IPv4  http://10.77.4.101:8080/"
    "dsr-ipip  IPv6  http://[fd77:4::101]:8080/"
    "dsr-gue   IPv4  http://10.77.4.102:8080/"
)
BIRD_PID=

build_client_side() {
    within router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
        net.ipv4.fib_multipath_hash_policy=1 net.ipv6.fib_multipath_hash_policy=1
    plug router front0 front
    plug router back0 back
    address router front0 10.77.1.254/24 fd77:1::254/64
    address router back0 10.77.2.254/24 fd77:2::254/64
    cable router client0 client eth0
    address router client0 10.77.3.1/24 fd77:3::1/64
    address client eth0 10.77.3.2/24 fd77:3::2/64
    gateway client 10.77.3.1 fd77:3::1
    router_config >"$WORK/router.conf"
    exec_within router bird -f -c "$WORK/router.conf" -s "$WORK/router.ctl" >"$WORK/router.log" 2>&1 &
    BIRD_PID=$!
    disown
}

router_config() {
    local node times="connect delay time 1; connect retry time 1; error wait time 1, 1;"
    cat <<END
router id 10.77.1.254;
protocol device { }
protocol kernel { merge paths on; ipv4 { import none; export all; }; }
protocol kernel { merge paths on; ipv6 { import none; export all; }; }
protocol bfd { interface "*" { interval 150 ms; multiplier 3; }; }
END
    for node in 1 2 3; do
        cat <<END
protocol bgp four$node { local as 65000; neighbor 10.77.1.1$node as 65001; bfd; direct; $times
  ipv4 { import all; export none; }; }
protocol bgp six$node { local as 65000; neighbor fd77:1::1$node as 65001; bfd; direct; $times
  ipv6 { import all; export none; }; }
END
    done
}

end_client_side() {
    [ -z "$BIRD_PID" ] || kill "$BIRD_PID" 2>/dev/null || true
    BIRD_PID=
}

# busy_node ASKED: the node whose loss is to be seen. All are alike.
busy_node() { echo n2; }

# what_is_lost NODE: what the demo says of it.
what_is_lost() { echo "$1, which carries a third of all connections,"; }

# all_answer NODES ASKED: whether the router has a way through so many nodes to each VIP.
all_answer() {
    [ "$(ip -n lb-demo-router route show 10.77.4.101 | grep -c via)" -eq "$1" ] &&
        [ "$(ip -n lb-demo-router route show 10.77.4.102 | grep -c via)" -eq "$1" ] &&
        [ "$(ip -n lb-demo-router -6 route show fd77:4::101 | grep -c via)" -eq "$1" ]
}
