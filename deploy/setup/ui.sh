#!/usr/bin/env bash
# Builds the console into ui/dist, and only when its sources changed since the last time. Usage: ui.sh
# Second run: no network, one line. Whatever is made lies in ui/dist, ui/node_modules and $CREEL_CACHE/ui; all three may be deleted.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
root=$(dirname "$(realpath "$0")")/../..
cd "$root/ui"

# What is built lies in the checkout, so each checkout has a memory of its own.
mkdir -p "$CREEL_CACHE/ui"
stamp=$CREEL_CACHE/ui/$(pwd -P | sha256sum | cut -c1-16)

sources() { find . \( -name node_modules -o -path ./dist -o -path ./e2e \) -prune -o -type f -print | LC_ALL=C sort; }
hash_of_sources() { sources | xargs -d '\n' sha256sum | sha256sum | cut -d' ' -f1; }

need_node() {
    { has node && has npm; } || die "the console is built with Node.js 20.19 or newer and npm, and they are missing. Run:" \
        "make setup" "and then the same command again."
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
        || die "the console is built with Node.js 20.19 or newer, and this is $(node --version). See https://nodejs.org/en/download"
}

install_packages() {
    # npm writes its own list of what it installed last of all.
    if [ node_modules/.package-lock.json -nt package-lock.json ]; then return; fi
    say "installing what the console is built with"
    # Scripts of packages would run with our rights; nothing here needs one.
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || die "npm ci failed in ui/, see above"
}

build_console() {
    say "building the console"
    npm run --silent build >&2 || die "the console was not built, see above"
    [ -s dist/index.html ] || die "the build of the console left no ui/dist/index.html"
}

[ -f package-lock.json ] || die "ui/package-lock.json is missing: this checkout is not whole"
sources=$(hash_of_sources)
if [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && [ -s dist/index.html ]; then say "console: up to date"; exit 0; fi
need_node
install_packages
build_console
printf '%s\n' "$sources" >"$stamp"
