#!/usr/bin/env bash
# Installs the Debian packages that Creel, its image build and (with `test` or `bench`) its tests or the peers that it is
# measured beside need, and only those missing.
# Usage: packages.sh [up|test|bench]    Second run: no network, no output but one line.
# Does not touch what it finds: an engine that answers, wherever it comes from, keeps docker.io from being installed.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
# shellcheck source=deploy/setup/engine_ping.sh
. "$(dirname "$0")/engine_ping.sh"

purpose=${1:-up}
missing=()

need_command() { has "$1" || missing+=("$2"); }
need_file() { [ -e "$1" ] || missing+=("$2"); }

find_missing() {
    need_file /etc/ssl/certs/ca-certificates.crt ca-certificates
    need_command curl curl
    need_command cc build-essential
    need_command flock util-linux
    # The OpenClaw image and the console are made with them.
    need_command node nodejs
    need_command npm npm
    need_command mmdebstrap mmdebstrap
    # Ubuntu's mmdebstrap cannot check a Debian archive's signature without it.
    need_file /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
    need_command nft nftables
    need_command iptables iptables
    find_missing_engine
    if [ "$purpose" = test ]; then
        find_missing_postgres
        # The isolation tests make a neighbour in a network namespace of their own.
        need_command ip iproute2
        # The console is driven in the distribution's browser; Playwright brings none.
        [ -n "${CREEL_CHROMIUM:-}" ] || need_command chromium chromium
    fi
}

# The benchmark of the llm proxy needs neither engine nor image; the console is part of the binary.
find_missing_bench() {
    need_command cc build-essential
    need_command taskset util-linux
    need_command node nodejs
    need_command npm npm
    need_command nginx nginx
}

find_missing_engine() {
    engine_answers || engine_forbidden || has dockerd || missing+=(docker.io)
    # Debian 13 splits the client off; the image build talks to the engine with it.
    if ! has docker && apt-cache show docker-cli >/dev/null 2>&1; then missing+=(docker-cli); fi
    # A kernel with AppArmor switched on makes dockerd load a profile, and containers fail to start without the parser.
    if grep -qs Y /sys/module/apparmor/parameters/enabled; then need_command apparmor_parser apparmor; fi
}

find_missing_postgres() {
    [ -n "${CREEL_TEST_POSTGRES_URL:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
}

# Debian makes and starts a cluster on port 5432 when postgresql arrives. The tests bring their own; a newcomer did not
# ask for a database server.
without_default_cluster() {
    case " ${missing[*]} " in *" postgresql "*) ;; *) return 0 ;; esac
    [ ! -e /etc/postgresql-common ] || return 0
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/creel.conf >/dev/null
}

# nginx is a peer that the benchmark starts by itself, in the foreground and from its own directory. Nobody asked for a web
# server: this keeps the package from starting one now, and from being started at the next boot.
without_nginx_service() {
    case " ${missing[*]} " in *" nginx "*) ;; *) return 0 ;; esac
    [ -e /usr/sbin/policy-rc.d ] || {
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod 755 /usr/sbin/policy-rc.d
    }
    apt install --no-install-recommends -y nginx >&2
    if [ -d /run/systemd/system ]; then as_root systemctl disable --quiet nginx; fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq "$@"; }

install_missing() {
    has apt-get || die "not a Debian-like machine (no apt-get). Install what these Debian packages hold, then run the same command again:" "${missing[*]}"
    may_be_root || die "packages are missing, and installing them needs root. Run:" \
        "sudo apt-get update && sudo apt-get install --no-install-recommends -y ${missing[*]}" "and then the same command again."
    say "installing ${missing[*]}"
    without_default_cluster
    apt update >&2
    without_nginx_service
    apt install --no-install-recommends -y "${missing[@]}" >&2
}

# Rust is the one thing asked of the reader; its own installer knows better where it belongs.
need_toolchain() {
    has cargo || die "Rust is missing. Run:" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y" "and then the same command again."
}

need_toolchain
if [ "$purpose" = bench ]; then find_missing_bench; else find_missing; fi
if [ "${#missing[@]}" -gt 0 ]; then install_missing; fi
say "packages: all there"
