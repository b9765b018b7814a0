#!/usr/bin/env bash
# Unary calls over one connection, 64 in flight, from a second process, beside a raw echo of as many bytes; streams of
# small messages, 4 at a time; and 1 MiB there and back, 4 in flight: rounds of each in turn, medians and ratios.
# Usage: Benchmarks/run.sh [ROUNDS [SECONDS]]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-3} seconds=${2:-4}
# As one builds for production: with Swift's libraries linked in, calls are 7 % faster, streams 15 %.
swift build -c release --static-swift-stdlib >&2
bin=$(swift build -c release --show-bin-path)
# The bytes of one call on the native wire: what the client sends and what the server answers.
request=${REQUEST_BYTES:-64} reply=${REPLY_BYTES:-121}
results=$(mktemp)
trap 'rm -f "$results"; [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true' EXIT

server_cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"; }

wait_for_port() {
    for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.05; done
    echo "nothing listens on port $1" >&2
    exit 1
}

# measure NAME SERVER_COMMAND -- CLIENT_COMMAND
measure() {
    local name=$1 port=$((20000 + RANDOM % 20000)) before line
    echo "$name ..." >&2
    ${2//PORT/$port} & server=$!
    wait_for_port "$port"
    before=$(server_cpu "$server")
    line=$(${3//PORT/$port})
    echo "$name $line $(awk -v a="$before" -v b="$(server_cpu "$server")" 'BEGIN { print b - a }')" >>"$results"
    kill "$server" && wait "$server" 2>/dev/null || true
    server=
}

for _ in $(seq "$rounds"); do
    measure floor "$bin/floor server PORT $request $reply" "$bin/floor client PORT $request $reply 64 $seconds"
    measure martlet "$bin/martlet-bench server PORT" "$bin/martlet-bench client PORT unary 64 $seconds pool"
    measure martlet-on-loop "$bin/martlet-bench server PORT" "$bin/martlet-bench client PORT unary 64 $seconds loop"
    measure featured "$bin/martlet-bench server PORT featured" "$bin/martlet-bench client PORT featured 64 $seconds loop"
    measure stream "$bin/martlet-bench server PORT" "$bin/martlet-bench client PORT stream 4 $seconds loop"
    measure echo-1MiB "$bin/martlet-bench server PORT" "$bin/martlet-bench client PORT echo 4 $seconds pool"
done

echo "1 connection, $rounds rounds of $seconds s; CPU in seconds per 100,000 calls, or messages of a stream; medians"
awk '
    function median(list, n,    i, j, t, v) {
        split(list, v, " ")
        for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j] + 0 < v[j-1] + 0; j--) { t = v[j]; v[j] = v[j-1]; v[j-1] = t }
        return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    { if (!($1 in n)) order[++k] = $1
      n[$1]++; rate[$1] = rate[$1] " " $2 / $3; client[$1] = client[$1] " " $4 / $2 * 1e5; server[$1] = server[$1] " " $5 / $2 * 1e5 }
    END {
        printf "%-16s %12s %8s %12s %12s\n", "", "calls/s", "ratio", "client CPU", "server CPU"
        base = median(rate["floor"], n["floor"])
        for (i = 1; i <= k; i++) {
            name = order[i]
            printf "%-16s %12.0f %7.1f%% %12.3f %12.3f\n", name, median(rate[name], n[name]),
                100 * median(rate[name], n[name]) / base, median(client[name], n[name]), median(server[name], n[name])
        }
    }' "$results"
