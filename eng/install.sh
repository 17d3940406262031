#!/usr/bin/env bash
# Installs lbd and pbm below PREFIX (/usr/local), with manuals, completion, the unit of systemd and an example of a
# site; "uninstall" removes them again. DESTDIR stands before every path, for those who make packages.
# What others wrote stays: a site file that is there is kept by both. LB_NO_BUILD=1 installs what was built before.
. "$(dirname "$0")/lib.sh"

PREFIX=${PREFIX:-/usr/local}
DESTDIR=${DESTDIR:-}
[[ $PREFIX == /* ]] || die "PREFIX=$PREFIX: expected a path that begins with /"
[[ -z $DESTDIR || $DESTDIR == /* ]] || die "DESTDIR=$DESTDIR: expected a path that begins with /, or nothing"

PROGRAMS=$PREFIX/lib/lb
SITE=/etc/lb/site.conf
# Each file that is copied as it is: source, then where it goes.
FILES=(
    "docs/man/lbd.8             $PREFIX/share/man/man8/lbd.8"
    "docs/man/pbm.1             $PREFIX/share/man/man1/pbm.1"
    "eng/completion/pbm.bash    $PREFIX/share/bash-completion/completions/pbm"
    "eng/systemd/lbd.sysusers   $PREFIX/lib/sysusers.d/lbd.conf"
)
UNIT=$PREFIX/lib/systemd/system/lbd.service
# Each command: where it is typed from, then the program, from there.
LINKS=(
    "$PREFIX/sbin/lbd   ../lib/lb/lbd"
    "$PREFIX/bin/pbm    ../lib/lb/pbm/pbm"
)

# program PROJECT FOLDER: builds it and copies what it needs on Linux to run.
program() {
    local output=$ARTIFACTS/bin/$1/${CONFIGURATION,,}
    [ "${LB_NO_BUILD:-0}" = 1 ] || build "src/$1/$1.csproj"
    [ -d "$output" ] || die "$1 is not built: run 'make build', or leave LB_NO_BUILD away"
    mkdir -p "$2"
    tar -C "$output" --no-same-owner -cf - --exclude='*.pdb' --exclude='*.xml' . | tar -C "$2" --no-same-owner -xf -
    [ ! -d "$2/runtimes" ] || find "$2/runtimes" -mindepth 1 -maxdepth 1 ! -name 'linux-*' -exec rm -r {} +
}

# An lbd that runs has its files open: they are replaced, not written over.
install_programs() {
    local fresh=$DESTDIR$PROGRAMS.new
    rm -rf "$fresh"
    mkdir -p "$fresh" || die "$DESTDIR$PREFIX cannot be written: run it as root, or with another PREFIX"
    program Lb.Host "$fresh"
    program Lb.Pbm "$fresh/pbm"
    "$ROOT/eng/ahead/ahead.sh" "$fresh" "$fresh/pbm"
    rm -rf "$DESTDIR$PROGRAMS"
    mv "$fresh" "$DESTDIR$PROGRAMS"
}

install_all() {
    local entry source target
    install_programs
    for entry in "${LINKS[@]}"; do
        read -r target source <<<"$entry"
        mkdir -p "$(dirname "$DESTDIR$target")"
        ln -sfn "$source" "$DESTDIR$target"
    done
    for entry in "${FILES[@]}"; do
        read -r source target <<<"$entry"
        install -Dm644 "$ROOT/$source" "$DESTDIR$target"
    done
    mkdir -p "$(dirname "$DESTDIR$UNIT")"
    sed "s|/usr/local/|$PREFIX/|" "$ROOT/eng/systemd/lbd.service" >"$DESTDIR$UNIT"
    chmod 644 "$DESTDIR$UNIT"

    say "Installed: $PREFIX/sbin/lbd and $PREFIX/bin/pbm, their manuals, completion for bash, and lbd.service."
    if [ -e "$DESTDIR$SITE" ]; then
        say "Your $SITE was left as it is. A running lbd takes the new version with a restart."
    else
        install -Dm644 "$ROOT/config/sites/example.conf" "$DESTDIR$SITE"
        say "$SITE is an example: make it yours, then let lbd --config $SITE --check look at it."
    fi
}

uninstall_all() {
    local entry target
    rm -rf "$DESTDIR$PROGRAMS" "$DESTDIR$UNIT"
    for entry in "${LINKS[@]}"; do
        read -r target _ <<<"$entry"
        rm -f "$DESTDIR$target"
    done
    for entry in "${FILES[@]}"; do
        read -r _ target <<<"$entry"
        rm -f "$DESTDIR$target"
    done
    say "Removed. Your site file in /etc/lb and the journal in /var/lib/lb are still there."
}

case ${1:-install} in
install) install_all ;;
uninstall) uninstall_all ;;
*) die "$1: expected install or uninstall" ;;
esac
