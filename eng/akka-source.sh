#!/usr/bin/env bash
# Evaluates every project that uses Akka.NET with both of its sources (Directory.Build.targets, docs/actors.md) and
# checks what is left of the subset and which packages are asked for. It needs no package and builds nothing.
. "$(dirname "$0")/lib.sh"

cd "$ROOT"
need_dotnet
wrong=0

# The official packages that stand for a project of the subset.
packages_of() {
    case $1 in
    Akka.Subset) echo Akka Akka.Coordination Akka.Persistence ;;
    Akka.Cluster.Subset) echo Akka.Cluster Akka.Cluster.Tools ;;
    Akka.Subset.TestKit) echo Akka.TestKit.Xunit2 ;;
    *.Subset) echo "${1%.Subset}" ;;
    *) die "no package is known for $1" ;;
    esac
}

# evaluate PROJECT SOURCE: the references that have to do with Akka.NET, sorted, as lines "ProjectReference NAME" and
# "PackageReference NAME".
evaluate() {
    dotnet msbuild "$1" -nologo -getItem:ProjectReference -getItem:PackageReference "-p:AkkaSource=$2" |
        awk -F '"' '/^    "[A-Za-z]+": \[/ { kind = $2 } $2 == "Identity" { print kind, $4 }' |
        sed 's|^\([A-Za-z]*\) .*[/\\]|\1 |; s|\.csproj$||' | { grep ' Akka' || true; } | sort -u
}

# only KIND LINES: the names of that kind.
only() { sed -n "s/^$1 //p" <<<"$2"; }

# expect WHAT WANTED FOUND: both are lists, sorted.
expect() {
    [ "$2" = "$3" ] && return
    say "$1: expected [${2//$'\n'/ }], found [${3//$'\n'/ }]"
    wrong=1
}

mapped=0
while read -r project; do
    default=$(evaluate "$project" Subset)
    nuget=$(evaluate "$project" NuGet)
    expect "$project, packages by default" "" "$(only PackageReference "$default")"
    if [[ $(basename "$project") == Akka.* ]] && ! grep -q '<IsAkkaSubset>false<' "$project"; then
        expect "$project, which is of the subset, with NuGet" "$default" "$nuget"
        continue
    fi
    wanted=$(for name in $(only ProjectReference "$default"); do packages_of "$name"; done | tr ' ' '\n' | sort -u)
    expect "$project, projects of the subset with NuGet" "" "$(only ProjectReference "$nuget")"
    expect "$project, packages with NuGet" "$wanted" "$(only PackageReference "$nuget")"
    [ -z "$wanted" ] || mapped=$((mapped + 1))
done < <(git grep -l Akka -- '*.csproj')
[ $mapped -gt 0 ] || die "no project references the subset"

while read -r package; do
    grep -q "<PackageVersion Include=\"$package\" " Directory.Packages.props || {
        say "Directory.Packages.props has no version of $package"
        wrong=1
    }
done < <(grep -o 'Include="Akka[^"]*"' Directory.Build.targets | cut -d'"' -f2 | tr ';' '\n')

# One source text for both: nothing is compiled for one of them only, and nobody looks into the subset.
if git grep -nE '^[[:space:]]*#[[:space:]]*(if|elif|define)\b' -- 'src/Lb.*' 'tests/Lb.*' bench; then
    say "these lines would be compiled for one source of Akka.NET only"
    wrong=1
fi
if git grep -n 'InternalsVisibleTo Include="Lb' -- 'src/Akka.*' 'tests/Akka.*'; then
    say "Lb must not see more of the subset than Akka.NET shows"
    wrong=1
fi
[ $wrong -eq 0 ]
