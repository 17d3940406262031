# The demo's processes: a real nginx in each backend, lbd in the lb namespace.
# shellcheck shell=bash

declare -A NGINX
LBD_PID=

# wait_for SECONDS WHAT COMMAND...: until the command succeeds, or the demo fails.
wait_for() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || die "$what: not within the deadline; see $WORK"
        sleep 0.05
    done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

start_nginx() {
    [ -e "$WORK/www/long" ] || { mkdir -p "$WORK/www" && head -c 1048576 /dev/zero >"$WORK/www/long"; }
    cat >"$WORK/$1.conf" <<END
daemon off;
worker_processes 1;
pid $WORK/$1.pid;
error_log $WORK/$1.log;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_timeout 0;
    client_body_temp_path $WORK/$1.body;
    proxy_temp_path $WORK/$1.proxy;
    fastcgi_temp_path $WORK/$1.fastcgi;
    scgi_temp_path $WORK/$1.scgi;
    uwsgi_temp_path $WORK/$1.uwsgi;
    server {
        listen 8080;
        listen [::]:8080 ipv6only=on;
        location / { return 200 "$1\n"; }
        # A download that takes minutes.
        location = /long { root $WORK/www; limit_rate 1k; }
    }
}
END
    exec_within "$1" nginx -c "$WORK/$1.conf" >>"$WORK/$1.log" 2>&1 &
    NGINX[$1]=$!
    disown
    wait_for 5 "nginx in $1" within "$1" curl -sf -m 1 http://127.0.0.1:8080/
}

stop_nginx() {
    kill -TERM "${NGINX[$1]}"
    wait_for 5 "end of nginx in $1" gone "${NGINX[$1]}"
}

start_lbd() {
    exec_within lb "$LBD" --config "$CONFIG" >>"$WORK/lbd.log" 2>&1 &
    LBD_PID=$!
    disown
    wait_for 20 "answers through lbd" lbd_answers_or_ended
    ! gone "$LBD_PID" || die "lbd ended: $(tail -n 5 "$WORK/lbd.log")"
}

# The first answers for every service mean that its backends are up and their next hops known.
lbd_answers_or_ended() {
    ! gone "$LBD_PID" || return 0
    within lb curl -sf -m 1 http://127.0.0.1:9110/api/v1/services || return 1
    local service
    for service in "${SERVICES[@]}"; do
        within client curl -sf -m 1 "${service##* }" || return 1
    done
}

# Whether lbd counts every backend of every service as up.
all_up() {
    local up
    up=$(within lb curl -sf -m 1 http://127.0.0.1:9110/api/v1/services | grep -o '"state":"up"' | wc -l)
    [ "$up" -eq $((${#SERVICES[@]} * ${#BACKENDS[@]})) ]
}

kill_lbd() {
    kill -KILL "$LBD_PID"
    wait_for 5 "end of lbd" gone "$LBD_PID"
}

# Ends lbd the orderly way, which also takes its state out of the kernel.
stop_lbd() {
    [ -n "$LBD_PID" ] || return 0
    kill -TERM "$LBD_PID" 2>/dev/null || true
    local deadline=$((SECONDS + 10))
    until gone "$LBD_PID" || [ "$SECONDS" -ge "$deadline" ]; do sleep 0.05; done
    kill -KILL "$LBD_PID" 2>/dev/null || true
    LBD_PID=
}
