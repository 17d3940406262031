#!/usr/bin/env bash
# Balances real requests between network namespaces and shows what happens when things break.
# ONCE=1 ends by itself; otherwise everything stays up until Ctrl-C.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/demo/stage.sh"
. "$(dirname "$0")/demo/net.sh"
. "$(dirname "$0")/demo/servers.sh"
. "$(dirname "$0")/demo/load.sh"

CONFIG=$ROOT/config/sites/demo.conf

end_demo() {
    stop_lbd
    [ ! -e "$BPFFS/lb/demo" ] || "$LBD" --config "$CONFIG" --cleanup >/dev/null || true
}

show_balancing() {
    step "1. Requests are spread over three backends (300 connections per service)"
    tally_all 300
}

show_failover() {
    local stopped
    step "2. nginx in b1 stops while requests go on"
    start_load http://203.0.113.10/
    wait_for 10 "requests to b1" back_in_use b1
    stopped=$EPOCHREALTIME
    stop_nginx b1
    wait_for 30 "requests without b1" moved_on_from b1
    failover_report "$stopped"
    say "  (a probe every 0.5 s; two failures in a row take b1 out)"
    tally_all 90

    step "3. nginx in b1 starts again"
    started=$EPOCHREALTIME
    start_nginx b1
    wait_for 30 "requests to b1" back_in_use b1
    awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "  b1 answers again after %.2f s\n", b - a }'
    stop_load
    wait_for 30 "every backend up in every service" all_up
    tally_all 90
}

show_crash() {
    step "4. lbd is killed with SIGKILL: the kernel forwards on"
    kill_lbd
    tally_all 90
    start_lbd
    say "  lbd started again and adopted what the kernel holds"
    tally_all 90
}

stay() {
    step "Try it yourself (Ctrl-C ends)"
    cat <<END
  IN_CLIENT="nsenter --net=/run/netns/lb-demo-client"
  \$IN_CLIENT curl http://203.0.113.10/                    nat, IPv4
  \$IN_CLIENT curl 'http://[2001:db8:77::10]/'             nat, IPv6
  \$IN_CLIENT curl http://203.0.113.20:8080/               dsr-ipip
  \$IN_CLIENT ping 203.0.113.10
  nsenter --net=/run/netns/lb-demo-lb curl http://127.0.0.1:9110/api/v1/services
  kill ${NGINX[b2]}                                           nginx in b2
  less +F $WORK/lbd.log
END
    stay_up
}

prepare src/Lb.Host/Lb.Host.csproj
build_network
for backend in "${BACKENDS[@]}"; do
    start_nginx "$backend"
done
start_lbd
show_balancing
show_failover
show_crash
[ "${ONCE:-0}" = 1 ] || stay
