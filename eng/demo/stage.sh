# What demos have in common: a place to work in, one demo at a time, and an end that leaves nothing behind.
# shellcheck shell=bash

# shellcheck disable=SC2034 # read by the demos
LBD=$ARTIFACTS/bin/Lb.Host/${CONFIGURATION,,}/lbd
# shellcheck disable=SC2034 # read by net.sh
DECAP=$ARTIFACTS/bpf/lb_decap.bpf.o
# shellcheck disable=SC2034 # read by the demos
BPFFS=/sys/fs/bpf
WORK=
STAY_PID=

step() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }

# prepare PROJECT...: builds, and has end_demo called at the end, whatever ends it.
prepare() {
    local project
    say "Building"
    for project in "$@"; do
        build "$project"
    done
    make --no-print-directory -s -C "$ROOT/bpf" OUT="$ARTIFACTS/bpf"
    is_root || die "namespaces and BPF programs need root: sudo make run"
    exec 9>/run/lb-demo.lock
    flock -n 9 || die "another demo is running"
    remove_network
    WORK=$(mktemp -d /tmp/lb-demo.XXXXXX)
    chmod 755 "$WORK"
    # Journals go with the demo.
    export STATE_DIRECTORY=$WORK
    trap clean_up EXIT
    trap 'exit 0' INT TERM
}

# Ends what end_demo of the demo ends, then the rest.
clean_up() {
    local status=$?
    trap - EXIT INT TERM
    [ -z "$STAY_PID" ] || kill "$STAY_PID"
    end_demo
    remove_network
    if [ $status -eq 0 ]; then
        rm -rf "$WORK"
    else
        say "Logs are in $WORK"
    fi
    exit $status
}

# Stays until Ctrl-C.
stay_up() {
    sleep infinity &
    STAY_PID=$!
    wait
}
