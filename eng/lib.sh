# Shared by the scripts of eng/. Source it: . "$(dirname "$0")/lib.sh"
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ARTIFACTS=${LB_ARTIFACTS:-$ROOT/artifacts}
# Where Akka.NET comes from (docs/actors.md); MSBuild reads it from the environment. The outputs do not mix.
export AkkaSource=${AkkaSource:-Subset}
if [ "${AkkaSource,,}" = nuget ]; then
    AkkaSource=NuGet
    ARTIFACTS=$ARTIFACTS/nuget
fi
CONFIGURATION=${CONFIGURATION:-Release}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Tools of Debian's sbin, also for users whose PATH lacks it.
export PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }

# Ends the script with one sentence that says what to do.
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

need_dotnet() {
    local want
    want=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$ROOT/global.json")
    command -v dotnet >/dev/null ||
        die "the .NET SDK $want is missing: install it (https://dotnet.microsoft.com/download), then run this again"
    (cd "$ROOT" && dotnet --version >/dev/null 2>&1) ||
        die "the .NET SDK $want that global.json asks for is missing: 'dotnet --list-sdks' shows what is there"
}

# build TARGET [dotnet options]: silent unless it fails, since warnings are errors.
build() {
    local output
    need_dotnet
    output=$(dotnet build "$ROOT/$1" -c "$CONFIGURATION" -p:ArtifactsPath="$ARTIFACTS" --nologo -v q "${@:2}" 2>&1) || {
        printf '%s\n' "$output"
        return 1
    }
}
