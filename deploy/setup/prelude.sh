# shellcheck shell=bash
# Sourced by every script of this folder: how they speak, and how they gain rights. Words go to stderr, because the
# stdout of postgres.sh is read by programs. Owns no state.
set -euo pipefail

# The cache is outside the checkout, so that a second clone and `git clean` do not cost an hour.
CREEL_CACHE=${CREEL_CACHE:-${HOME:?set HOME, the cache lives under it}/.cache/creel}
# Administration programs (iptables, nft, dockerd) are off a plain user's path on Debian.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export CREEL_CACHE PATH

# A stale Cargo.lock is mended in front of a developer and refused in CI.
LOCKED=(${CI:+--locked})
: "${LOCKED[@]}"

say()  { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
die()  { printf '!!! %s\n' "$1" >&2; shift; for line in "$@"; do printf '    %s\n' "$line" >&2; done; exit 1; }
has()  { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# True where as_root will work without a password being typed.
may_be_root() { is_root || { has sudo && sudo -n true 2>/dev/null; }; }

# Runs a command as root. Where the rights are lacking it ends the script and says exactly what to type: a question for
# a password in the middle of a long run is worse than a plain line at its beginning.
as_root() {
    if is_root; then "$@"; return; fi
    if may_be_root; then sudo -n env "PATH=$PATH" "$@"; return; fi
    die "this step needs root, and sudo asks for a password here. Run:" "sudo $(printf '%q ' "$@")" "and then the same command again."
}

# Waits until a command succeeds: wait_until SECONDS COMMAND…
wait_until() {
    local deadline=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.3
    done
}
