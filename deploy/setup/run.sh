#!/usr/bin/env bash
# Runs a program with the rights Creel needs on its host (the engine's socket, nftables, a tmpfs for secrets): as root,
# or through sudo where it asks for no password, else as this user — then `creel doctor` names what is lacking.
# Usage: run.sh PROGRAM ARGUMENTS…     Also cargo's test runner, so that tests of the real engine have the same rights.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"

if ! is_root && may_be_root; then
    # HOME stays the user's: state and cache belong to whoever called. sudo drops library paths, cargo needs them.
    exec sudo -n -E env "HOME=$HOME" "PATH=$PATH" "LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}" "$@"
fi
exec "$@"
