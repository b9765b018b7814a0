#!/usr/bin/env bash
# Runs each fuzzer for SECONDS (60), from the inputs that earlier runs found worth keeping (Fuzz/.build/corpus/NAME) and
# from examples in this repository. Stops at the first crash, whose input it leaves in Fuzz/Findings/NAME, where tests
# replay it. Python's protobuf then reads what the fuzzer of messages gathered. Usage: Fuzz/run.sh [SECONDS [NAME…]]
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
[ $# -gt 1 ] && fuzzers=("${@:2}") || fuzzers=(WireFuzzer MessageFuzzer SchemaFuzzer)
swift build
bin=$(swift build --show-bin-path)
corpus=.build/corpus

# A crash shows the fuzzer's own report at once; Swift's backtrace and the symbolizer would take minutes over it.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=symbolize=0

# The bytes that Python's protobuf wrote for each kind of field, after the byte that chooses the message.
message_seeds() {
    local names=(Implicit Explicit Packed Unpacked Maps Choice Tree Numbers Older two.Two) index name message hex _
    while IFS=$'\t' read -r name message hex _; do
        for index in "${!names[@]}"; do
            [ "martlet.testing.${names[index]}" = "$message" ] || continue
            [ ${#hex} -gt 4000 ] || printf "%b" "\\x0$(printf %x "$index")${hex:+$(sed 's/../\\x&/g' <<<"$hex")}" >"$1/$name"
        done
    done <../Tests/Peers/fixtures/messages.tsv
}

schema_seeds() {
    local file
    for file in ../Protos/*/*/*.proto ../Tests/MartletCodegenTests/Golden/*/*.proto; do
        cp "$file" "$1/$(tr / . <<<"${file#../}")"
    done
}

for name in "${fuzzers[@]}"; do
    mkdir -p $corpus/"$name" "Findings/$name"
    rm -rf .build/seeds && mkdir .build/seeds
    case $name in
    MessageFuzzer) message_seeds .build/seeds ;;
    SchemaFuzzer) schema_seeds .build/seeds ;;
    esac
    echo "== $name, $seconds s"
    options=(-max_total_time="$seconds" -timeout=10 -max_len=8192 -print_final_stats=1)
    [ ! -f "Dictionaries/$name.dict" ] || options+=(-dict="Dictionaries/$name.dict")
    # Leaves out the lines about single inputs, which are thousands.
    "$bin/$name" "${options[@]}" -artifact_prefix="Findings/$name/" $corpus/"$name" .build/seeds 2>&1 |
        grep --line-buffered -vE '^#[0-9]+\s+(NEW|REDUCE|RELOAD)|NEW_FUNC|# Uses: |ecommended dictionary|RECOMMENDED'
    rmdir "Findings/$name" 2>/dev/null || true
    [ "$name" != MessageFuzzer ] || "$bin/$name" print $corpus/"$name" | ../.venv/bin/python compare.py
done
