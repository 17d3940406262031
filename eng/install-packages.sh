#!/usr/bin/env bash
# Installs those packages of packages.txt that are missing. Starts no service.
. "$(dirname "$0")/lib.sh"

POLICY=/usr/sbin/policy-rc.d

missing() {
    local package
    sed 's/#.*//' "$ROOT/eng/packages.txt" | while read -r package; do
        [ -n "$package" ] || continue
        # shellcheck disable=SC2016 # a format of dpkg-query, not of the shell
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# Packages such as nginx start their service when installed; Debian asks this file first.
forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    trap 'rm -f "$POLICY"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

command -v dpkg-query >/dev/null || die "this is no Debian: install the equivalents of eng/packages.txt by hand"
mapfile -t packages < <(missing)
[ ${#packages[@]} -gt 0 ] || exit 0
is_root || die "these packages are missing; run as root: apt-get install ${packages[*]}"

say "Installing ${packages[*]}"
forbid_services
# The package lists may be absent or too old to fetch from: refresh them only then.
apt install -y --no-install-recommends "${packages[@]}" >/dev/null 2>&1 || {
    apt update
    apt install -y --no-install-recommends "${packages[@]}" >/dev/null
}
