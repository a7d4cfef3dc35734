#!/usr/bin/env bash
# Writes what the binary says about itself. Usage: generate.sh CREEL_BINARY DIRECTORY
# A failing command leaves the old file as it was.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"

creel=${1:?usage: generate.sh CREEL_BINARY DIRECTORY}
directory=${2:?usage: generate.sh CREEL_BINARY DIRECTORY}
mkdir -p "$directory"

write() {
    local file=$directory/$1; shift
    "$creel" "$@" >"$file.part" || { rm -f "$file.part"; die "creel $* failed"; }
    mv "$file.part" "$file"
}

write openapi.json openapi
write config.schema.json config schema
write configuration.md config reference
