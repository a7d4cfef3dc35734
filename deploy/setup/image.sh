#!/usr/bin/env bash
# Has the OpenClaw image built where it is absent. Usage: image.sh VERSION [CREEL_BINARY]
# With a creel binary the image becomes a release in Creel's database too; the tests need the image alone.
# FORCE=1 builds again (after a change in deploy/image).
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
# shellcheck source=deploy/setup/engine_ping.sh
. "$(dirname "$0")/engine_ping.sh"

version=${1:?usage: image.sh VERSION [CREEL_BINARY]}
creel=${2:-}
here=$(dirname "$(realpath "$0")")
tag=creel/openclaw:$version

in_engine() { engine_client image inspect "$tag" >/dev/null 2>&1; }
in_database() { [ -z "$creel" ] || "$here/run.sh" "$creel" image list 2>/dev/null | grep -qF "$version"; }

if [ -z "${FORCE:-}" ] && in_engine && in_database; then
    say "image: $tag is there"
    exit
fi
has npm || die "npm is missing, the image is made with it. Run:" "make setup" "and then the same command again."
say "image: building $tag (three to five minutes the first time)"
if [ -n "$creel" ]; then
    exec "$here/run.sh" "$creel" image build --openclaw "$version" ${FORCE:+--force}
fi
exec "$here/run.sh" "$here/../image/build.sh" --openclaw "$version" >&2
