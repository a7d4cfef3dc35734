#!/usr/bin/env bash
# Removes every container, network, volume, image, firewall table and file that Creel made, and nothing else: objects of
# the engine are known by the label io.creel.cluster, never by name. Usage: uninstall.sh (asks first; YES=1 does not ask)
# Packages and the engine stay: others may use them by now.
# shellcheck source=deploy/setup/prelude.sh
. "$(dirname "$0")/prelude.sh"
# shellcheck source=deploy/setup/engine_ping.sh
. "$(dirname "$0")/engine_ping.sh"

LABEL=label=io.creel.cluster
here=$(dirname "$(realpath "$0")")
# Data directories of a root and of a user's installation, the tmpfs with secrets, the caches. Of a cache whose place
# somebody chose, only the folders that are ours.
places=(/var/lib/creel "$HOME/.local/share/creel" /run/creel /dev/shm/creel /run/creel-setup /run/creel-engine.lock /var/cache/creel
    "$CREEL_CACHE"/{target,image,tools,generated,test-logs,postgres,postgres.lock})

list() {
    case $1 in
        container) engine_client ps --all --quiet --no-trunc --filter "$LABEL" ;;
        network) engine_client network ls --quiet --no-trunc --filter "$LABEL" ;;
        volume) engine_client volume ls --quiet --filter "$LABEL" ;;
        image) list_images | sort -u ;;
        place) for place in "${places[@]}"; do if [ -e "$place" ]; then echo "$place"; fi; done ;;
        table) as_root nft list tables 2>/dev/null | sed -n 's/^table \([a-z]* creel[a-z0-9_-]*\)$/\1/p' ;;
    esac
}

# The finished images by their label, and the two layers under them, which carry none, by their names.
list_images() {
    engine_client image ls --quiet --no-trunc --filter label=io.creel.image.openclaw
    engine_client image ls --quiet --no-trunc --filter 'reference=creel/*'
}

refuse_while_serving() {
    pgrep -x creel >/dev/null 2>&1 || return 0
    die "a creel is running (pid $(pgrep -x creel | tr '\n' ' ')). Stop it first, or it makes everything anew."
}

show() {
    local kind count
    say "this removes, for good:"
    for kind in container network volume image; do
        count=$(list "$kind" | wc -l)
        note "$count $kind(s)"
    done
    list table | while read -r table; do note "firewall table $table"; done
    list place | while read -r place; do note "$place"; done
    note "instances, their data and backups kept in these places are gone afterwards"
}

confirm() {
    [ -z "${YES:-}" ] || return 0
    [ -t 0 ] || die "nobody to ask. YES=1 make uninstall removes without asking."
    local answer
    read -r -p "Type 'remove' to go on: " answer
    [ "$answer" = remove ] || die "nothing was removed."
}

# Order matters: a network with a container on it and a volume in use are not given up by the engine.
remove_engine_objects() {
    local id
    list container | while read -r id; do engine_client rm --force --volumes "$id" >/dev/null; done
    list network | while read -r id; do engine_client network rm "$id" >/dev/null; done
    list volume | while read -r id; do engine_client volume rm "$id" >/dev/null; done
    list image | while read -r id; do remove_image "$id"; done
}

# By its names, because without --force an image of several names is not removed by id, and with it images are torn from
# under containers that are not ours.
remove_image() {
    local names
    mapfile -t names < <(engine_client image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "$1" | grep .)
    [ "${#names[@]}" -gt 0 ] || names=("$1")
    engine_client image rm "${names[@]}" >/dev/null 2>&1 || note "image ${names[*]} is used by something that is not Creel's: kept"
}

remove_tables() {
    list table | while read -r family name; do as_root nft delete table "$family" "$name"; done
}

remove_places() {
    "$here/postgres.sh" remove
    list place | while read -r place; do
        unmount_tmpfs_in "$place"
        # -xdev: a disk that somebody mounted here is emptied only at this level and stays mounted.
        as_root find "$place" -xdev -depth -delete 2>/dev/null || note "not wholly removed (a mount, or files in use): $place"
    done
}

# Only the memory file systems of secrets: what lies under them is in the same place and goes with it.
unmount_tmpfs_in() {
    awk -v place="$1" '$3 == "tmpfs" && ($2 == place || index($2, place "/") == 1) { print $2 }' /proc/mounts | sort -r |
        while read -r mount; do as_root umount "$mount"; done
}

refuse_while_serving
engine_answers || die "no engine answers at $ENGINE_HOST; start it (deploy/setup/engine.sh), or its containers would stay."
show
confirm
remove_engine_objects
remove_tables
remove_places
say "Creel is gone. Packages stay installed; to remove those as well: apt-get remove docker.io mmdebstrap nftables postgresql"
