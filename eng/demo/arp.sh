# The cluster demo on one segment: one node answers for each VIP by ARP and NDP, and for the gateway of the backends.
#
#   client ── front ──┬ n1 ┬── back ──┬ b1
#                     ├ n2 ┤          ├ b2
#                     └ n3 ┘          └ b3
# shellcheck shell=bash disable=SC2034 # read by the demo

CONFIG=$ROOT/config/sites/demo-arp.conf
NAMES=(client front back n1 n2 n3 b1 b2 b3)
DSR_VIPS=(10.77.1.101/32)
GATEWAYS=(10.77.2.1 fd77:2::1)
CLIENT_VIPS='10\.77\.1\.10[01]|fd77:1::100'
SERVICES=(
    "nat       IPv4  http://10.77.1.100/"
    "nat       IPv6  http://[fd77:1::100]/"
    "dsr-ipip  IPv4  http://10.77.1.101:8080/"
)

build_client_side() {
    plug client eth0 front
    address client eth0 10.77.1.2/24 fd77:1::2/64
    add_xdp client
}

end_client_side() { :; }

# busy_node ASKED: the node whose loss is to be seen.
busy_node() { holder 10.77.1.100 "$1"; }

# what_is_lost NODE: what the demo says of it.
what_is_lost() { echo "$1, which answers for 10.77.1.100,"; }

# holder VIP ASKED: the node that answers for it, as one of them knows.
holder() {
    local who
    who=$(pbm "$2" cluster vips | awk -F ' [|] ' -v vip="$1" '$1 == vip { print $2 }')
    case $who in
    "this node") echo "$2" ;;
    10.77.2.10*) who=${who#10.77.2.10} && echo "n${who%%:*}" ;;
    *) die "nobody answers for $1" ;;
    esac
}

vips_are_held() { [ "$(pbm "$1" --output json cluster vips | grep -c '"holder": *"10')" -eq 5 ]; }

# all_answer NODES ASKED: whether nodes answer as they are to.
all_answer() { vips_are_held "$2"; }
