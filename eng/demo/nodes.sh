# The cluster demo's parts: nodes and backends on two switches, PostgreSQL, and connections that live for long. How clients
# reach the nodes is in arp.sh and router.sh.
# shellcheck shell=bash

NODES=(n1 n2 n3)
FLOWS_OF_EACH=50

declare -A LBD_OF
FLOWS_PID=
POSTGRES=

# add_switch NAME
add_switch() {
    ip -n "lb-demo-$1" link add br0 mtu "$BACKEND_MTU" type bridge
    ip -n "lb-demo-$1" link set br0 up
}

# plug NAME DEVICE SWITCH
plug() {
    cable "$1" "$2" "$3" "$1"
    ip -n "lb-demo-$1" link set "$2" mtu "$BACKEND_MTU"
    ip -n "lb-demo-$3" link set "$1" mtu "$BACKEND_MTU" master br0
}

build_cluster_network() {
    local name vip i
    for name in "${NAMES[@]}"; do
        add_namespace "$name"
    done
    add_switch front
    add_switch back
    build_client_side
    i=1
    for name in "${NODES[@]}"; do
        within "$name" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.accept_local=1
        plug "$name" client0 front
        plug "$name" backend0 back
        # A card takes frames to its own address alone; a veth takes all, and a bridge floods those of a port that is down.
        bridge -n lb-demo-front link set dev "$name" flood off
        bridge -n lb-demo-back link set dev "$name" flood off
        address "$name" client0 "10.77.1.$((10 + i))/24" "fd77:1::$((10 + i))/64"
        address "$name" backend0 "10.77.2.$((100 + i))/24" "fd77:2::$((100 + i))/64"
        i=$((i + 1))
    done
    i=11
    for name in "${BACKENDS[@]}"; do
        plug "$name" eth0 back
        address "$name" eth0 "10.77.2.$i/24" "fd77:2::$i/64"
        gateway "$name" "${GATEWAYS[@]}"
        for vip in "${DSR_VIPS[@]}"; do
            ip -n "lb-demo-$name" addr add "$vip" dev lo
        done
        within "$name" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
        add_xdp "$name"
        i=$((i + 1))
    done
}

# cables NODE up|down
cables() {
    ip -n lb-demo-front link set "$1" "$2"
    ip -n lb-demo-back link set "$1" "$2"
}

# A server of the demo's own, on a Unix socket: nodes reach it from any namespace.
start_postgres() {
    local programs
    programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$programs" ] || die "PostgreSQL is missing: make packages installs it"
    POSTGRES=$WORK/postgres
    mkdir "$POSTGRES"
    chown postgres "$POSTGRES"
    runuser -u postgres -- "$programs/initdb" -D "$POSTGRES/data" -U lb -A trust --no-sync >"$WORK/initdb.log"
    runuser -u postgres -- "$programs/pg_ctl" -D "$POSTGRES/data" -w -l "$POSTGRES/log" \
        -o "-k $POSTGRES -c listen_addresses=" start >/dev/null
    runuser -u postgres -- "$programs/createdb" -h "$POSTGRES" -U lb lb
}

stop_postgres() {
    [ -n "$POSTGRES" ] && [ -e "$POSTGRES/data/postmaster.pid" ] || return 0
    local pid
    pid=$(head -n 1 "$POSTGRES/data/postmaster.pid")
    kill -INT "$pid" 2>/dev/null || true
    wait_for 20 "end of PostgreSQL" gone "$pid"
}

make_certificates() {
    local node
    "$PBM" cluster cert ca --name demo --out "$WORK/ca" >/dev/null
    for node in "${NODES[@]}"; do
        "$PBM" cluster cert node --ca "$WORK/ca" --host "10.77.2.10${node#n}" --out "$WORK/$node" >/dev/null
    done
}

# environment NODE: what the sites of the demo read of it.
environment() {
    export LB_DEMO_NODE=demo-$1 LB_DEMO_HOST=10.77.2.10${1#n} \
        LB_DEMO_DATABASE="Host=$POSTGRES;Username=lb;Database=lb" \
        LB_DEMO_CA=$WORK/$1/ca.pem LB_DEMO_CERTIFICATE=$WORK/$1/node.pem LB_DEMO_KEY=$WORK/$1/node-key.pem
}

start_node() {
    environment "$1"
    exec_within "$1" "$LBD" --config "$CONFIG" >>"$WORK/$1.log" 2>&1 &
    LBD_OF[$1]=$!
    disown
}

# end_node NODE SIGNAL
end_node() {
    kill "-$2" "${LBD_OF[$1]}" 2>/dev/null || return 0
    wait_for 30 "end of lbd in $1" gone "${LBD_OF[$1]}"
}

# Takes what a node left in the kernel away, if it did not do so itself.
clean_node() {
    [ -e "$BPFFS/lb/demo-$1" ] || return 0
    environment "$1"
    within "$1" "$LBD" --config "$CONFIG" --cleanup >/dev/null 2>&1 || true
}

# pbm NODE COMMAND...
pbm() { within "$1" "$PBM" "${@:2}"; }

# Whether a node sees so many nodes, all well.
sees() { [ "$(pbm "$1" --output json cluster show | grep -c '"reachable": *true')" -eq "$2" ]; }

in_cluster() {
    ! gone "${LBD_OF[$1]}" || die "lbd in $1 ended: $(tail -n 5 "$WORK/$1.log")"
    sees "$1" "$2" && pbm "$1" cluster tables && pbm "$1" cluster status
}

# Opens downloads that would take minutes, one connection each; those that end early leave a line.
open_flows() {
    local service urls=()
    for service in "${SERVICES[@]}"; do
        urls+=(-o /dev/null "${service##* }long?[1-$FLOWS_OF_EACH]")
    done
    exec_within client curl -s -Z --parallel-max 300 --parallel-immediate --speed-limit 1 --speed-time 5 \
        -w '%{exitcode} %{url}\n' "${urls[@]}" >"$WORK/flows" 2>/dev/null &
    FLOWS_PID=$!
    disown
    wait_for 20 "long connections" all_open
}

FLOWS=$((${#SERVICES[@]} * FLOWS_OF_EACH))

open_now() { within client ss -Htn state established | grep -cE "$CLIENT_VIPS" || true; }

all_open() { [ "$(open_now)" -eq "$FLOWS" ]; }

# flows_report: after time enough for a broken one to be noticed.
flows_report() {
    sleep 6
    local lost
    lost=$(wc -l <"$WORK/flows")
    say "  long connections: $lost of $FLOWS lost, $(open_now) open"
}

stop_flows() {
    [ -z "$FLOWS_PID" ] || kill "$FLOWS_PID" 2>/dev/null || true
    FLOWS_PID=
}

# Asks all services in turn, each by a new connection; each leaves a line: seconds, answer or "-".
start_probe() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec_within client bash -c 'while :; do
            for url; do
                began=$EPOCHREALTIME
                echo "$began $(curl -sf -m 0.3 "$url" || echo -)"
            done
        done' probe "${SERVICES[@]##* }" >"$WORK/load" &
    # shellcheck disable=SC2034 # read by load.sh
    LOAD_PID=$!
    disown
    wait_for 10 "answers to the probe" answers_in_a_row 10
}

# answers_in_a_row COUNT
answers_in_a_row() { tail -n "$1" "$WORK/load" | awk -v want="$1" '$2 == "-" { n++ } END { exit n > 0 || NR < want }'; }

# answered_after SINCE: until thirty probes in a row are answered, and when the last one that was not had begun.
answered_after() {
    sleep 1
    wait_for 30 "answers to new connections" answers_in_a_row 30
    stop_load
    awk -v since="$1" '$1 >= since { n++; if ($2 == "-") { failed++; last = $1 } }
        END {
            printf "  new connections: %d of %d not answered", failed, n
            if (failed) printf ", the last of them %.2f s after", last - since
            print ""
        }' "$WORK/load"
}

# upgrade_node NODE: the program on disk takes the place of the process, as with a new version.
upgrade_node() {
    local old=${LBD_OF[$1]}
    kill -USR2 "$old"
    wait_for 30 "end of the old lbd in $1" gone "$old"
    LBD_OF[$1]=$(running_lbd "$1")
}

# running_lbd NODE: the process that runs there.
running_lbd() {
    local pid
    for pid in $(ip netns pids "lb-demo-$1"); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != lbd ] || echo "$pid"
    done
}
