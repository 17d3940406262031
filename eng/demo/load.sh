# The demo's client: real requests, counted by the backend that answered.
# shellcheck shell=bash

# Title, then URL, of each service of config/sites/demo.conf.
SERVICES=(
    "nat       IPv4  http://203.0.113.10/"
    "nat       IPv6  http://[2001:db8:77::10]/"
    "dsr-ipip  IPv4  http://203.0.113.20:8080/"
)

LOAD_PID=

# tally URL COUNT: one connection per request; prints "b1 34  b2 33  b3 33" and what was not answered.
tally() {
    { within client curl -s -m 5 "$1?[1-$2]" || true; } | sort | uniq -c |
        awk -v want="$2" '{ printf "%s %3d   ", $2, $1; got += $1 }
            END { print (got == want ? "all " want " answered" : want - got " of " want " LOST") }'
}

# tally_all COUNT
tally_all() {
    local service
    for service in "${SERVICES[@]}"; do
        printf '  %-16s %-32s %s\n' "${service%http*}" "${service##* }" "$(tally "${service##* }" "$1")"
    done
}

# Starts one request after the other; each leaves a line: seconds, backend or "-".
start_load() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec_within client bash -c 'while :; do
            began=$EPOCHREALTIME
            echo "$began $(curl -sf -m 1 "$0" || echo -)"
        done' "$1" >"$WORK/load" &
    LOAD_PID=$!
    disown
}

stop_load() {
    kill -TERM "$LOAD_PID"
    wait_for 5 "end of the load" gone "$LOAD_PID"
}

# Whether the load saw 100 answers in a row from others than BACKEND, so that it is out of use.
moved_on_from() { tail -n 100 "$WORK/load" | awk -v b="$1" '$2 == b || $2 == "-" { n++ } END { exit n > 0 || NR < 100 }'; }

# Whether the load saw an answer of BACKEND lately.
back_in_use() { tail -n 20 "$WORK/load" | grep -q " $1\$"; }

# failover_report SINCE: how many requests failed, and when the last of them began.
failover_report() {
    awk -v since="$1" '$1 >= since { n++; if ($2 == "-") { failed++; last = $1 } }
        END {
            printf "  failover: %d of %d requests failed", failed, n
            if (failed) printf ", the last one %.2f s after the stop", last - since
            print ""
        }' "$WORK/load"
}
