#!/usr/bin/env bash
# Runs the tests by tier (TIER=unit|datapath|netns|all), quickest first, and prints the totals.
# With LB_NO_SKIP=1 a skipped test counts as a failure of the run. Totals are left in artifacts/test/totals.
. "$(dirname "$0")/lib.sh"

TIER=${TIER:-all}
RESULTS=$ARTIFACTS/test

# The projects of a tier: netns and datapath are named after it, all others are unit tests. Tests of the subset's
# insides, and tests with the trait AkkaSource=Subset, say nothing about the official packages.
projects() {
    local project
    for project in "$ROOT"/tests/*.Tests/*.Tests.csproj; do
        [[ $AkkaSource != NuGet || $(basename "$project") != Akka.* ]] ||
            grep -q '<IsAkkaSubset>false<' "$project" || continue
        case $1:$(basename "$project") in
        netns:*.Netns.Tests.csproj | datapath:*.Datapath.Tests.csproj) echo "$project" ;;
        unit:*.Netns.Tests.csproj | unit:*.Datapath.Tests.csproj) ;;
        unit:*) echo "$project" ;;
        esac
    done
}

# Tests that start lbd, and a process that they kill, some hundred times each: minutes of the whole.
STARTERS=(Akka.Subset.Persistence.Tests Lb.Host.Tests Lb.Netns.Tests Lb.Pbm.Tests)
# The processes live for seconds: to compile again what ran often at their start is of no use to them.
START_QUICKLY=(DOTNET_TC_CallCountingDelayMs=2000 DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0)

starts_programs() {
    [[ " ${STARTERS[*]} " == *" $1 "* ]]
}

# Sums one attribute of the <Counters> elements of all result files.
sum() {
    find "$RESULTS" -name '*.trx' -exec grep -ho "<Counters [^>]*" {} + |
        sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

# Runs one project; what it prints is left in a file, so that projects which run side by side do not mix.
run_project() {
    local quick=()
    ! starts_programs "$1" || quick=("${START_QUICKLY[@]}")
    env "${quick[@]}" dotnet test "$2" -c "$CONFIGURATION" -p:ArtifactsPath="$ARTIFACTS" --no-build --nologo -v q \
        "${filter[@]}" --logger "console;verbosity=minimal" --logger "trx;LogFileName=$1.trx" --results-directory "$RESULTS" \
        </dev/null >"$RESULTS/$1.log" 2>&1
}

# Says again, at the end and briefly, which tests failed and why: what the projects print is long.
tell_failures() {
    local name
    for name in "${broken[@]}"; do
        say "Failed: $name"
        awk '/^  Failed /{ told = 12 } /^  Stack Trace:/{ told = 0 } told > 0 { print; told-- }' "$RESULTS/$name.log"
    done
}

# Prints what an ended project has printed.
tell() {
    say "== $1: $2"
    cat "$RESULTS/$2.log"
}

# One project after the other.
run_tier() {
    local project name
    while read -r project; do
        name=$(basename "$project" .csproj)
        run_project "$name" "$project" || broken+=("$name")
        tell "$1" "$name"
    done < <(projects "$1")
}

# Unit tests wait more than they compute: two projects at a time, and where all tiers run the data path's, which compute
# and wait for nothing, are among them. The long ones begin. The tier with real traffic has the machine for itself.
run_units() {
    local -A running=()
    local project name pid ended
    while read -r project; do
        name=$(basename "$project" .csproj)
        run_project "$name" "$project" &
        running[$!]=$name
        [ ${#running[@]} -ge 2 ] || continue
        collect_unit
    done < <({ projects unit && { [ "$TIER" != all ] || projects datapath; }; } |
        awk '{ print /Lb\.Host\.Tests|Persistence\.Tests/ ? 0 : /Lb\.(Actors|Datapath)\.Tests/ ? 1 : 2, $0 }' |
        sort -k1,1n -s | cut -d' ' -f2-)
    while [ ${#running[@]} -gt 0 ]; do
        collect_unit
    done
}

# Waits for a project of run_units that ends.
collect_unit() {
    ended=0
    wait -n -p pid "${!running[@]}" || ended=$?
    name=${running[$pid]}
    unset "running[$pid]"
    [ "$ended" -eq 0 ] || broken+=("$name")
    tell unit "$name"
}

case $TIER in
all) tiers=(unit netns) ;;
unit | datapath | netns) tiers=("$TIER") ;;
*) die "TIER=$TIER: expected unit, datapath, netns or all" ;;
esac

filter=()
[ "$AkkaSource" != NuGet ] || filter=(--filter "AkkaSource!=Subset")

rm -rf "$RESULTS"
mkdir -p "$RESULTS"
broken=()
if [ "$AkkaSource" = Subset ]; then
    build Lb.sln
else
    # The solution holds the subset's own tests too, which are nothing to build on the packages.
    for tier in "${tiers[@]}"; do
        while read -r project; do
            build "${project#"$ROOT"/}" </dev/null
        done < <(projects "$tier" && { [ "$TIER:$tier" != all:unit ] || projects datapath; })
    done
fi
ahead=()
for name in "${STARTERS[@]}"; do
    [ ! -d "$ARTIFACTS/bin/$name/${CONFIGURATION,,}" ] || ahead+=("$ARTIFACTS/bin/$name/${CONFIGURATION,,}")
done
"$ROOT/eng/ahead/ahead.sh" "${ahead[@]}"

for tier in "${tiers[@]}"; do
    if [ "$tier" = unit ]; then
        run_units
    else
        run_tier "$tier"
    fi
done

passed=$(sum passed)
failed=$(sum failed)
skipped=$(($(sum total) - $(sum executed)))
# A test process that died before it wrote its results is a failure too.
[ ${#broken[@]} -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
tell_failures
say "$passed passed, $failed failed, $skipped skipped" | tee "$RESULTS/totals"

[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || die "no test ran"
[ "${LB_NO_SKIP:-0}" != 1 ] || [ "$skipped" -eq 0 ] || die "skipped tests are failures here (LB_NO_SKIP=1)"
