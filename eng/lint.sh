#!/usr/bin/env bash
# Style and hygiene: every check runs, all findings are printed, any finding fails.
. "$(dirname "$0")/lib.sh"

cd "$ROOT"
failures=0

# check NAME COMMAND...: runs one check and remembers when it failed.
check() {
    local name=$1
    shift
    if "$@"; then
        say "ok      $name"
    else
        say "FAILED  $name"
        failures=$((failures + 1))
    fi
}

scripts() { git ls-files -co --exclude-standard -- '*.sh' '*.bash' .ci/run; }

shell_syntax() {
    local script
    while read -r script; do
        bash -n "$script" || return 1
    done < <(scripts)
    scripts | xargs shellcheck -x --source-path=SCRIPTDIR
}

# Nothing that is unfinished, and no path of somebody's machine.
unfinished() { ! git grep -nIE '\b(TODO|FIXME|XXX)\b|NotImplementedException|/(home|Users)/[A-Za-z]+/' -- ':!eng/lint.sh'; }

# Build output and large files do not belong in the tree.
stray_files() { ! git ls-files | grep -E '(^|/)(bin|obj|artifacts)/|\.bpf\.o$|\.trx$'; }

solution_is_complete() {
    local project missing=0
    while read -r project; do
        grep -qF "${project//\//\\}" Lb.sln || { say "Lb.sln lacks $project" && missing=1; }
    done < <(git ls-files '*.csproj')
    return $missing
}

need_dotnet
check "C# builds without a warning" build Lb.sln
check "C# whitespace" dotnet format whitespace . --folder --verify-no-changes --exclude artifacts
check "C formatting" make -s --no-print-directory -C bpf format-check
check "shell scripts" shell_syntax
check "nothing unfinished" unfinished
check "no stray files" stray_files
check "solution is complete" solution_is_complete
check "both sources of Akka.NET" eng/akka-source.sh
[ $failures -eq 0 ] || die "$failures checks failed"
