#!/usr/bin/env bash
# Makes a Docker engine answer. Order: a running engine or reachable DOCKER_HOST is used as it is; else systemd starts
# one; else, on a machine without an init, dockerd is started by hand and outlives this script.
# Usage: engine.sh          Never stops or reconfigures an engine it finds. Two at once: the second waits for the first.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
# shellcheck source=deploy/setup/engine_ping.sh
. "$(dirname "$0")/engine_ping.sh"

LOG=${CREEL_ENGINE_LOG:-/var/log/creel-dockerd.log}
# Holds links named iptables that lead to the legacy program, on kernels where the other one fails.
LEGACY_PATH=/run/creel-setup/iptables-legacy
WAIT_SECONDS=${CREEL_ENGINE_WAIT:-90}

report() { say "engine: Docker $(engine_version) answers at $ENGINE_HOST"; }

refuse_what_cannot_be_mended() {
    if engine_forbidden && ! may_be_root; then
        die "the engine's socket ${ENGINE_HOST#unix://} is not open to user $(id -un). Either run this command as root, or:" \
            "sudo usermod -aG docker $(id -un)     # this group equals root on the host" "and log in anew."
    fi
    if [ -n "${DOCKER_HOST:-}" ] && [ "$DOCKER_HOST" != unix:///var/run/docker.sock ]; then
        die "DOCKER_HOST is $DOCKER_HOST and no engine answers there. Start it, or unset DOCKER_HOST to use this machine's own."
    fi
    has dockerd || die "no engine answers at $ENGINE_HOST and dockerd is not installed. Run deploy/setup/packages.sh first."
    may_be_root || die "no engine answers at $ENGINE_HOST, and starting one needs root. Run:" "sudo $(realpath "$0")" "and then the same command again."
}

start_with_systemd() {
    say "engine: systemctl enable --now docker"
    as_root systemctl enable --now docker >&2
}

# --- without systemd: all below runs as root -------------------------------------------------------------------------

# Bare containers and micro VMs often come without the hierarchy that dockerd needs.
mount_cgroups() {
    if mountpoint -q /sys/fs/cgroup; then return; fi
    note "mounting cgroup2 on /sys/fs/cgroup"
    mount -t cgroup2 none /sys/fs/cgroup
}

# A pid file left by a dead machine may name a living process of another kind; dockerd would refuse to start for ever.
remove_stale_pid() {
    local file=/var/run/docker.pid pid
    pid=$(cat "$file" 2>/dev/null) || return 0
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || rm -f "$file"
}

# Tries the very matches and targets dockerd uses, in a chain of our own, and takes it away again. `iptables --version`
# answers on kernels where each of these fails.
iptables_works() {
    local program=$1 chain=CREEL-PROBE-$$ result=0
    has "$program" || return 1
    "$program" -w 10 -t nat -N "$chain" 2>/dev/null || return 1
    "$program" -w 10 -t nat -A "$chain" -m addrtype --dst-type LOCAL -j RETURN 2>/dev/null || result=1
    "$program" -w 10 -t nat -A "$chain" -s 192.0.2.0/24 -j MASQUERADE 2>/dev/null || result=1
    "$program" -w 10 -t nat -F "$chain"; "$program" -w 10 -t nat -X "$chain"
    "$program" -w 10 -N "$chain" 2>/dev/null || return 1
    "$program" -w 10 -A "$chain" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT 2>/dev/null || result=1
    "$program" -w 10 -F "$chain"; "$program" -w 10 -X "$chain"
    return "$result"
}

link_legacy_iptables() {
    mkdir -p "$LEGACY_PATH"
    local name
    for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
        ln -sf "$(command -v "${name/tables/tables-legacy}")" "$LEGACY_PATH/$name"
    done
}

# Prints the search path dockerd is to have. The machine's own alternatives stay as they are.
path_for_engine() {
    if iptables_works iptables; then echo "$PATH"; return; fi
    if iptables_works iptables-legacy; then
        note "iptables does not work in this kernel, iptables-legacy does: dockerd gets that one"
        link_legacy_iptables
        echo "$LEGACY_PATH:$PATH"
        return
    fi
    die "neither iptables nor iptables-legacy works in this kernel, so no container could have a network." \
        "Load the modules (modprobe -a nf_tables nft_compat iptable_nat xt_addrtype xt_MASQUERADE) or set DOCKER_HOST to another engine."
}

# `9>&-`: the lock must not live on in the daemon.
start_by_hand() {
    say "engine: starting dockerd (log: $LOG)"
    mount_cgroups
    remove_stale_pid
    local path; path=$(path_for_engine)
    PATH=$path nohup setsid dockerd </dev/null >>"$LOG" 2>&1 9>&- &
    DAEMON=$!
    wait_until "$WAIT_SECONDS" engine_answers_or_daemon_died || true
    engine_answers || die "dockerd does not answer. The end of $LOG:" "$(tail -n 20 "$LOG")"
}

engine_answers_or_daemon_died() { engine_answers || ! kill -0 "$DAEMON" 2>/dev/null; }

# An engine can answer and yet be unable to make a bridge; better known now than at the first instance.
prove_bridges() {
    local name=creel-setup-probe
    engine_client network rm "$name" >/dev/null 2>&1 || true
    engine_client network create --driver bridge "$name" >/dev/null ||
        die "the engine answers but cannot create a bridge network. The end of $LOG:" "$(tail -n 20 "$LOG")"
    engine_client network rm "$name" >/dev/null
    note "bridge networks can be created"
}

start_alone() {
    mkdir -p "$(dirname "$LOG")" /run
    exec 9>/run/creel-engine.lock
    flock -w "$WAIT_SECONDS" 9 || die "another engine.sh holds /run/creel-engine.lock for more than $WAIT_SECONDS s."
    if engine_answers; then return; fi
    start_by_hand
    prove_bridges
}

# --- the story ---------------------------------------------------------------------------------------------------------

main() {
    if engine_answers; then report; return; fi
    refuse_what_cannot_be_mended
    if [ -d /run/systemd/system ]; then
        start_with_systemd
        wait_until "$WAIT_SECONDS" engine_answers || true
    elif is_root; then
        start_alone
    else
        as_root env "CREEL_CACHE=$CREEL_CACHE" "$(realpath "$0")"
    fi
    engine_answers || die "the engine was started but does not answer at $ENGINE_HOST. Look at: journalctl -u docker, or $LOG"
    report
}

main
