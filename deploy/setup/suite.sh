#!/usr/bin/env bash
# The whole test suite on SQLite, then every suite that touches a database again on Postgres, then the console in a browser. All passes run;
# the exit status is non-zero when either failed, and the runner's own closing lines are printed again at the end.
# Usage: suite.sh
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
here=$(dirname "$(realpath "$0")")
logs=$CREEL_CACHE/test-logs
mkdir -p "$logs"

assignment=$("$here/postgres.sh")
export "${assignment?}"

# Tests of the real engine and firewall need root's rights, as Creel does.
if ! is_root && may_be_root; then
    target=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${target}_RUNNER=$here/run.sh"
fi

# A failing snapshot fails; it does not write a new file into the checkout.
export INSTA_UPDATE=${INSTA_UPDATE:-no}

# The real engine is the same under either database: its tests (those of creel-driver and creel-openclaw, which know no
# database, and the modules named `engine`) run in the first pass only.
with_nextest() {
    local selection=()
    [ "$1" = sqlite ] || selection=(-E 'rdeps(creel-db) - package(creel-driver) - package(creel-openclaw) - test(/(^|::)engine::/)')
    cargo nextest run --workspace "${LOCKED[@]}" --no-fail-fast "${selection[@]}"
}

# Without nextest: the engine's tests one at a time, all others as cargo likes.
with_cargo() {
    local database=$1 result=0
    local cargo=(cargo test "${LOCKED[@]}" --no-fail-fast)
    "${cargo[@]}" --workspace --exclude creel-domain --exclude creel-driver --exclude creel-openclaw --lib --bins --tests -- --skip engine:: || result=1
    if [ "$database" = sqlite ]; then
        "${cargo[@]}" -p creel-domain --lib || result=1
        "${cargo[@]}" -p creel-driver -p creel-openclaw --lib --tests -- --test-threads=1 || result=1
        "${cargo[@]}" -p creel --test it -- --test-threads=1 engine:: || result=1
    fi
    return "$result"
}

run_suite() {
    if cargo nextest --version >/dev/null 2>&1; then with_nextest "$1"; else with_cargo "$1"; fi
}

run_pass() {
    say "tests on $1"
    CREEL_TEST_DATABASE=$1 run_suite "$1" 2>&1 | tee "$logs/$1.log"
}

closing_lines() { grep -aE '^ *(Summary|test result:|FAIL|SIGABRT|TIMEOUT|TRY|LEAK|[0-9]+ (passed|failed|skipped|did not run)|✘)|^error' "$logs/$1.log" | tail -n 30 || true; }

run_browser() {
    say "tests in the browser"
    "$here/e2e.sh" console engine 2>&1 | tee "$logs/browser.log"
}

status=0
declare -A result
for database in sqlite postgres; do
    result[$database]=passed
    run_pass "$database" || { result[$database]=FAILED; status=1; }
done
result[browser]=passed
run_browser || { result[browser]=FAILED; status=1; }
for database in sqlite postgres browser; do
    say "$database: ${result[$database]} (log: $logs/$database.log)"
    closing_lines "$database" >&2
done
exit "$status"
