#!/usr/bin/env bash
# Installs LiteLLM's proxy from PyPI into the cache, for `make bench-llm ARGS=--with-litellm`. Second run: nothing but one line.
# Needs python3 with venv; nothing outside the cache is touched.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"

# The version that the figures in the documentation were measured with; another one is another peer.
version=1.106.2
home=$CREEL_CACHE/litellm

if [ "$(cat "$home/version" 2>/dev/null)" = "$version" ]; then say "LiteLLM $version: there"; exit 0; fi
python3 -c 'import venv, ensurepip' 2>/dev/null || die "python3 cannot make an environment. Run:" "sudo apt-get install -y python3-venv"
say "installing LiteLLM $version into $home"
rm -rf "$home"
python3 -m venv "$home"
"$home/bin/pip" install --quiet --disable-pip-version-check "litellm[proxy]==$version" >&2
echo "$version" > "$home/version"
say "LiteLLM $version: installed"
