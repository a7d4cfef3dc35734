#!/usr/bin/env bash
# Prints what the image costs: size, start to /healthz and /readyz, first and second turn, memory. Runs the image as the
# driver does (read-only root, no capabilities, limits), with the lean configuration and a stub model on this host.
#   measure.sh [--tag TAG] [--runs N] [--cpus N] [--memory 2g] [--no-cache] [--set FILE.json]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${CREEL_CACHE:-$HOME/.cache/creel}/image"
# Needs a Node.js with a WebSocket client (22 or newer): the one that was installed for the image.
node="$(compgen -G "$cache/npm-*/node_modules/node-linux-*/bin/node" | tail -1 || true)"
exec "${node:-node}" "$here/measure.mjs" "$@"
