#!/usr/bin/env bash
# A throw-away Postgres for the test suite: its own data directory, loopback port and unix socket; every durability switch
# off, because a crash may lose everything in it. Never the machine's own cluster.
# Usage: eval "$(postgres.sh)"      prints CREEL_TEST_POSTGRES_URL=…; starts it only when it is not running.
#        postgres.sh stop           stops it.      postgres.sh remove   stops it and deletes its data.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"

PORT=${CREEL_TEST_POSTGRES_PORT:-54329}
URL=postgres://creel@127.0.0.1:$PORT/postgres
action=${1:-start}

# Newest major version that is installed.
BIN=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) || BIN=
if [ -z "$BIN" ] && has initdb; then BIN=$(dirname "$(readlink -f "$(command -v initdb)")"); fi

# Postgres refuses to run as root, so root lends it to the packaged user.
OWNER=$(id -un)
if is_root; then
    OWNER=nobody
    if id postgres >/dev/null 2>&1; then OWNER=postgres; fi
fi
as_owner() {
    if [ "$OWNER" = "$(id -un)" ]; then (cd / && "$@"); return; fi
    (cd / && setpriv --reuid "$OWNER" --regid "$(id -g "$OWNER")" --clear-groups env -u HOME "$@")
}

# /root is closed to other users on most machines; there the cache of the machine serves.
choose_home() {
    HOME_DIR=$CREEL_CACHE/postgres
    mkdir -p "$CREEL_CACHE"
    if as_owner test -x "$CREEL_CACHE"; then return; fi
    HOME_DIR=/var/cache/creel/postgres
}

running() { as_owner "$BIN/pg_ctl" --pgdata "$DATA" status >/dev/null 2>&1; }
ready() { "$BIN/pg_isready" --quiet --host 127.0.0.1 --port "$PORT" --username creel --dbname postgres; }

# A half-made cluster (machine switched off during initdb) has no PG_VERSION or no mark of ours and is made anew.
make_cluster() {
    if [ -e "$DATA/creel.complete" ] && [ "$(cat "$DATA/PG_VERSION")" = "$MAJOR" ]; then return; fi
    say "postgres: making a test cluster in $DATA"
    rm -rf "$DATA"
    mkdir -p "$HOME_DIR"
    chmod 0755 "$HOME_DIR"
    if is_root; then chown "$OWNER" "$HOME_DIR"; fi
    as_owner "$BIN/initdb" --pgdata "$DATA" --username creel --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >"$HOME_DIR/initdb.log" 2>&1 ||
        die "initdb failed:" "$(tail -n 15 "$HOME_DIR/initdb.log")"
    settings | as_owner tee -a "$DATA/postgresql.conf" >/dev/null
    as_owner touch "$DATA/creel.complete"
}

# initdb's `trust` covers the socket and loopback only, and nothing else is listened on.
# Each test makes its own database with a small pool, so connections are many and short.
settings() {
    cat <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$HOME_DIR'
max_connections = 400
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
log_min_messages = fatal
CONF
}

start_cluster() {
    say "postgres: starting the test cluster on 127.0.0.1:$PORT (log: $HOME_DIR/postgres.log)"
    # A pid file left behind by a switched-off machine is seen through by the server itself.
    as_owner "$BIN/pg_ctl" --pgdata "$DATA" --log "$HOME_DIR/postgres.log" --options "-p $PORT" --timeout 60 --wait start >/dev/null </dev/null 9>&- ||
        die "Postgres did not start. Is port $PORT taken? (CREEL_TEST_POSTGRES_PORT chooses another.) The end of its log:" "$(tail -n 15 "$HOME_DIR/postgres.log")"
}

start() {
    if [ -n "${CREEL_TEST_POSTGRES_URL:-}" ]; then
        say "postgres: CREEL_TEST_POSTGRES_URL is set and is used as it is"
        printf 'CREEL_TEST_POSTGRES_URL=%s\n' "$CREEL_TEST_POSTGRES_URL"
        return
    fi
    mkdir -p "$HOME_DIR"
    exec 9>"$HOME_DIR.lock"
    flock -w 120 9 || die "another postgres.sh holds $HOME_DIR.lock for more than two minutes."
    if ! running; then
        make_cluster
        start_cluster
    fi
    ready || die "the test cluster runs but does not answer on 127.0.0.1:$PORT. See $HOME_DIR/postgres.log, or: $(realpath "$0") remove"
    say "postgres: $MAJOR answers at $URL"
    printf 'CREEL_TEST_POSTGRES_URL=%s\n' "$URL"
}

stop() {
    if [ -z "$BIN" ] || ! running; then return; fi
    say "postgres: stopping the test cluster"
    as_owner "$BIN/pg_ctl" --pgdata "$DATA" --mode immediate stop >/dev/null
}

choose_home
DATA=$HOME_DIR/data
case $action in
    stop) stop ;;
    remove) stop; rm -rf "$HOME_DIR" "$HOME_DIR.lock" ;;
    start)
        [ -n "$BIN" ] || die "Postgres is not installed. Run: deploy/setup/packages.sh test"
        MAJOR=$("$BIN/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        start
        ;;
    *) die "usage: postgres.sh [start|stop|remove]" ;;
esac
