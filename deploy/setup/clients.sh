#!/usr/bin/env bash
# Installs the vendors' official clients that the llm proxy is tested with. Usage: clients.sh
# Second run: no network, one line. They lie in crates/proxy/tests/clients/node_modules, which may be deleted.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
cd "$(dirname "$(realpath "$0")")/../../crates/proxy/tests/clients"

# npm writes its own list of what it installed last of all.
if [ node_modules/.package-lock.json -nt package-lock.json ]; then say "clients: up to date"; exit 0; fi
{ has node && has npm; } || die "the vendors' clients run in Node.js 20.19 or newer, which is missing. Run:" \
    "deploy/setup/packages.sh test" "and then the same command again."
say "installing the vendors' clients"
# Scripts of packages would run with our rights; nothing here needs one.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || die "npm ci failed in crates/proxy/tests/clients, see above"
