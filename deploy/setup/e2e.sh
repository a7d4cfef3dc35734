#!/usr/bin/env bash
# Drives the console in Chromium against the real binary. Needs what `make test-setup` sets up.
# Usage: e2e.sh PROJECT [PLAYWRIGHT ARGUMENTS…]      projects: console, engine, look, bench (ui/e2e/playwright.config.ts)
# CREEL_CHROMIUM names another browser than /usr/bin/chromium.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
here=$(dirname "$(realpath "$0")")

projects=()
while [ "$#" -gt 0 ] && [ "${1#-}" = "$1" ]; do projects+=("--project=$1"); shift; done

# Figures of an unoptimised server would be its own, not the console's.
profile=debug
case " ${projects[*]} " in *=bench\ *) profile=release ;; esac

say "building creel ($profile) and the stage of the browser tests"
case $profile in
    release) cargo build "${LOCKED[@]}" --quiet --release -p creel ;;
    debug) cargo build "${LOCKED[@]}" --quiet -p creel ;;
esac
CREEL_BINARY=${CREEL_BINARY:-${CARGO_TARGET_DIR:-$CREEL_CACHE/target}/$profile/creel}
export CREEL_BINARY
cargo build "${LOCKED[@]}" --quiet -p creel-testkit --example stage
cd "$here/../../ui"
exec "$here/run.sh" "$(command -v npx)" --no-install playwright test -c e2e/playwright.config.ts "${projects[@]}" "$@"
