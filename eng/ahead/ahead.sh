#!/usr/bin/env bash
# Compiles what lbd and pbm consist of ahead of time, in the folders that are named: eng/ahead/ahead.sh FOLDER...
# Without it they are compiled at each start, which is two fifths of the time until a node is up. Nothing else depends on
# it: where the compiler cannot be had (no package for this machine, no network), a start takes longer, and that is said.
. "$(dirname "$0")/../lib.sh"

PROJECT=$ROOT/eng/ahead/ahead.proj
# By the hash of what was compiled, and of how; a build copies the same files to many folders.
CACHES=$ARTIFACTS/ahead
CACHE=$CACHES/$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-16)

compiler() {
    local path
    dotnet restore "$PROJECT" -p:ArtifactsPath="$ARTIFACTS" --nologo -v q >/dev/null 2>&1 || return 1
    path=$(dotnet msbuild "$PROJECT" -nologo -p:ArtifactsPath="$ARTIFACTS" -getProperty:CompilerPath) && [ -f "$path" ] || return 1
    printf '%s\n' "$path"
}

# framework NAME: the folder of the newest release that is installed.
framework() {
    local release
    release=$(dotnet --list-runtimes | awk -v name="$1" '$1 == name { gsub(/[][]/, "", $3); print $3 "/" $2 }' | sort -V | tail -n 1)
    [ -d "$release" ] && printf '%s\n' "$release"
}

# compile FILE RESULT: an empty result means that the file stays, as one that is no managed one, or is a result itself.
compile() {
    local work
    work=$(mktemp -d "$CACHE/new.XXXXXX")
    # The framework's generics over Lb's types are compiled too; such code says what it was made of, and the runtime
    # takes it only while the framework's is the same.
    if "$COMPILER" "$1" -o "$work/out" -O '--opt-cross-module:*' '--non-local-generics-module:*' -r "$CORE/*.dll" -r "$WEB/*.dll" -r "$(dirname "$1")/*.dll" >/dev/null 2>&1; then
        : >"$CACHE/$(sha256sum "$work/out" | cut -d' ' -f1)"
        mv "$work/out" "$2"
    else
        : >"$2"
    fi
    rm -rf "$work"
}

# parts FOLDER: hash and name of what both programs consist of, without the tests' own assemblies.
parts() {
    (cd "$1" && find "$ARTIFACTS/bin/Lb.Host/${CONFIGURATION,,}" "$ARTIFACTS/bin/Lb.Pbm/${CONFIGURATION,,}" -maxdepth 1 \
        -name '*.dll' -printf '%f\n' 2>/dev/null | sort -u | xargs -r sha256sum 2>/dev/null) || true
}

need_dotnet
mkdir -p "$CACHE"
if ! { CORE=$(framework Microsoft.NETCore.App) && WEB=$(framework Microsoft.AspNetCore.App) && COMPILER=$(compiler); }; then
    say "Not compiled ahead of time, so lbd and pbm start more slowly: the compiler of the SDK's version cannot be had."
    exit 0
fi
chmod +x "$COMPILER"
export -f compile
export CACHE CORE WEB COMPILER

for folder in "$@"; do
    [ -d "$folder" ] || die "$folder is not there"
    list=$(parts "$folder")
    while read -r hash name; do
        [ -f "$CACHE/$hash" ] || printf '%s\0%s\0' "$folder/$name" "$CACHE/$hash"
    done <<<"$list" | xargs -0 -r -n 2 -P "$(nproc)" bash -c 'compile "$@"' compile
    while read -r hash name; do
        [ ! -s "$CACHE/$hash" ] || {
            cp "$CACHE/$hash" "$folder/$name.new"
            mv "$folder/$name.new" "$folder/$name"
        }
    done <<<"$list"
done
find "$CACHES" -type f -mtime +7 -delete
find "$CACHES" -mindepth 1 -type d -empty -delete
