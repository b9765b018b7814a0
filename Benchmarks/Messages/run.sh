#!/usr/bin/env bash
# Writes and reads messages beside swift-protobuf and C (protoc-c with libprotobuf-c): ROUNDS (9) rounds of each in turn,
# medians of processor time, ratios, allocations, and a chart. Usage: Benchmarks/Messages/run.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release >&2
bin=$(swift build -c release --show-bin-path)
chart=$PWD/.build/messages.svg
clang -O2 -shared -fPIC -o .build/allocations.so allocations.c
LD_PRELOAD=.build/allocations.so "$bin/message-bench" allocations >.build/allocations.tsv
"$bin/message-bench" times "${1:-9}" .build/allocations.tsv "$chart"
echo
echo "Drawn in $chart"
