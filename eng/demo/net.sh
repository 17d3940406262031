# The demo's network:  client ── lb ── switch ──┬ b1
#                                               ├ b2
#                                               └ b3
# shellcheck shell=bash
#
# Each name is a network namespace lb-demo-NAME; config/sites/demo.conf fits these addresses.

NAMES=(client lb switch b1 b2 b3)
BACKENDS=(b1 b2 b3)
DSR_VIP=203.0.113.20
# Larger than the client side's 1500, so that encapsulation has room.
BACKEND_MTU=1600

# within NAME COMMAND...: runs a command in a namespace. (ip netns exec would hide the BPF file system.)
within() { nsenter --net="/run/netns/lb-demo-$1" "${@:2}"; }

# The same for background jobs: the job is the command itself, so that $! can be signalled.
exec_within() { exec nsenter --net="/run/netns/lb-demo-$1" "${@:2}"; }

# cable NAME DEVICE NAME DEVICE: a veth pair between two namespaces.
cable() {
    ip -n "lb-demo-$1" link add "$2" type veth peer name "$4" netns "lb-demo-$3"
    ip -n "lb-demo-$1" link set "$2" up
    ip -n "lb-demo-$3" link set "$4" up
    offloads "$1" "$2"
    offloads "$3" "$4"
}

# A frame that XDP sends into a veth arrives only where the peer runs NAPI: GRO turns it on, and counts only when
# it is set while the device is up. Checksums are completed by the sender (tx off), as on a wire.
offloads() { within "$1" ethtool -K "$2" gro on tx off >/dev/null; }

# address NAME DEVICE V4/LENGTH V6/LENGTH
address() {
    ip -n "lb-demo-$1" addr add "$3" dev "$2"
    ip -n "lb-demo-$1" addr add "$4" dev "$2" nodad
}

# gateway NAME V4 V6
gateway() {
    ip -n "lb-demo-$1" route add default via "$2"
    ip -n "lb-demo-$1" -6 route add default via "$3"
}

add_namespace() {
    ip netns add "lb-demo-$1"
    within "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
        net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0
    ip -n "lb-demo-$1" link set lo up
}

# add_backend NAME NUMBER: a server that takes its own traffic (nat) and decapsulates the VIP's (dsr-ipip).
add_backend() {
    cable "$1" eth0 switch "$1"
    ip -n "lb-demo-$1" link set eth0 mtu $BACKEND_MTU
    ip -n lb-demo-switch link set "$1" mtu $BACKEND_MTU master br0
    address "$1" eth0 "10.77.2.$2/24" "fd77:2::$2/64"
    gateway "$1" 10.77.2.1 fd77:2::1
    ip -n "lb-demo-$1" addr add "$DSR_VIP/32" dev lo
    add_xdp "$1"
}

# add_xdp NAME: decapsulation in a backend. The client has it too, where it passes everything: a veth hands over
# what XDP sends back (XDP_TX, as for a ping) without delay only to a peer with a program.
add_xdp() { ip -n "lb-demo-$1" link set eth0 xdpdrv object "$DECAP" section xdp; }

build_network() {
    local name i=11
    for name in "${NAMES[@]}"; do
        add_namespace "$name"
    done
    within lb sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

    cable client eth0 lb client0
    address client eth0 10.77.1.2/24 fd77:1::2/64
    address lb client0 10.77.1.1/24 fd77:1::1/64
    gateway client 10.77.1.1 fd77:1::1
    add_xdp client

    ip -n lb-demo-switch link add br0 mtu $BACKEND_MTU type bridge
    ip -n lb-demo-switch link set br0 up
    cable lb backend0 switch uplink
    ip -n lb-demo-lb link set backend0 mtu $BACKEND_MTU
    ip -n lb-demo-switch link set uplink mtu $BACKEND_MTU master br0
    address lb backend0 10.77.2.1/24 fd77:2::1/64
    for name in "${BACKENDS[@]}"; do
        add_backend "$name" $((i++))
    done
}

# Ends whatever still runs in the demo's namespaces and removes them; also what a killed demo left.
remove_network() {
    local name pid
    for name in "${NAMES[@]}"; do
        [ -e "/run/netns/lb-demo-$name" ] || continue
        for pid in $(ip netns pids "lb-demo-$name"); do
            kill -KILL "$pid" 2>/dev/null || true
        done
        ip netns del "lb-demo-$name"
    done
}
