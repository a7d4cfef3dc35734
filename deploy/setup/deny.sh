#!/usr/bin/env bash
# Licences, bans and sources of all dependencies (deny.toml). Advisories are not asked for here: their database is on
# GitHub, which a sealed build machine does not reach. Usage: deny.sh [install]   Without the word: runs if it is there.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"

tools=$CREEL_CACHE/tools
PATH=$tools/bin:$PATH
if ! has cargo-deny; then
    [ "${1:-}" = install ] || { say "deny: skipped, cargo-deny is not installed (make deny installs it)"; exit; }
    say "deny: installing cargo-deny into $tools (some minutes)"
    CARGO_TARGET_DIR=$tools/target cargo install --locked --root "$tools" cargo-deny
    rm -rf "$tools/target"
fi
exec cargo deny "${LOCKED[@]}" --log-level error check --hide-inclusion-graph bans licenses sources
