#!/bin/sh
# Compares both ways of receiving from a packet socket over a veth, the one after the other in each round; needs root.
# packet.sh [ROUNDS [SECONDS]]
set -e
cd -- "$(dirname -- "$0")"
work=$(mktemp -d)
ns=packet-bench-$$
trap 'ip netns delete $ns 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM
gcc -O2 -Wall -o "$work/packet" packet.c
ip netns add $ns
run() { ip netns exec $ns "$work/packet" "$@"; }
ip -n $ns link add va type veth peer name vb
ip -n $ns link set va up
ip -n $ns link set vb up
sleep 1

# NAME BYTES RATE RECEIVER...
one() {
    name=$1 bytes=$2 rate=$3
    shift 3
    way=$1
    shift
    run "$way" vb $((seconds + 1)) "$@" >"$work/out" &
    receiver=$!
    sleep 0.5
    run send va "$seconds" "$bytes" "$rate" >"$work/sent"
    wait $receiver
    printf '%-12s timeout %-2s %s  (%s)\n' "$name" "${1:--}" "$(cat "$work/out")" "$(tr -s ' ' <"$work/sent")"
}

rounds=${1:-3} seconds=${2:-3}
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    for load in "64-bytes 64 0" "superframes 60042 0" "64-at-1000 64 1000"; do
        # shellcheck disable=SC2086
        one $load recvmmsg
        # shellcheck disable=SC2086
        one $load ring 1
        # shellcheck disable=SC2086
        one $load ring 8
    done
done
