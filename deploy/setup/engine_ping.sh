# shellcheck shell=bash
# Sourced after prelude.sh: asks the container engine that Creel itself will use — DOCKER_HOST, else the default socket,
# never the docker client's "context", which Creel does not know. Changes nothing.

ENGINE_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}

# The client for short questions, with root's rights where the socket is closed to this user and no password has to be
# typed for them.
engine_client() {
    if engine_forbidden && may_be_root; then as_root timeout 30 docker --host "$ENGINE_HOST" "$@"; return; fi
    timeout 30 docker --host "$ENGINE_HOST" "$@"
}

# Prints the engine's version, fails when it does not answer. (`docker info` of some versions exits 0 without an engine.)
engine_version() {
    if has docker; then
        engine_client version --format '{{.Server.Version}}' 2>/dev/null
    else
        engine_version_by_curl
    fi
}

# Where only the socket is there (a container with the host's socket mounted in), no client need be installed.
engine_version_by_curl() {
    has curl || return 1
    local at
    case $ENGINE_HOST in
        unix://*) at=(--unix-socket "${ENGINE_HOST#unix://}" http://localhost/version) ;;
        tcp://*) at=("http://${ENGINE_HOST#tcp://}/version") ;;
        *) return 1 ;;
    esac
    curl --fail --silent --max-time 10 "${at[@]}" | sed -n 's/.*"Version":"\([0-9][^"]*\)","ApiVersion".*/\1/p' | grep .
}

engine_answers() { engine_version >/dev/null; }

# The socket is there and somebody listens, but this user may not talk to it.
engine_forbidden() {
    case $ENGINE_HOST in unix://*) ;; *) return 1 ;; esac
    local socket=${ENGINE_HOST#unix://}
    [ -S "$socket" ] && [ ! -w "$socket" ]
}
