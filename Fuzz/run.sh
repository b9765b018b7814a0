#!/usr/bin/env bash
# Runs each fuzzer for SECONDS (60), from the inputs that earlier runs found worth keeping (Fuzz/.build/corpus/NAME) and
# from examples in this repository. Stops at the first crash, whose input it leaves in Fuzz/Findings/NAME, where tests
# replay it. Python's protobuf then reads what the fuzzer of messages gathered. Usage: Fuzz/run.sh [SECONDS [NAME…]]
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
fuzzers=(
    WireFuzzer HTTP1Fuzzer HTTP2Fuzzer GRPCFuzzer MessageFuzzer ParserFuzzer JSONFuzzer SchemaFuzzer
)
[ $# -le 1 ] || fuzzers=("${@:2}")
swift build
bin=$(swift build --show-bin-path)
corpus=.build/corpus

# A crash shows the fuzzer's own report at once; Swift's backtrace and the symbolizer would take minutes over it.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=symbolize=0

# choice NAME: the byte, in octal digits, that chooses this message.
choice() {
    local index names=(
        Implicit Explicit Packed Unpacked Maps Choice Tree Numbers Older two.Two google.protobuf.Struct two.Grouped
        two.MessageSet two.SetItem
    )
    for index in "${!names[@]}"; do
        case $1 in
        "${names[index]}" | "martlet.testing.${names[index]}") printf '\\0%o' "$index" ;;
        esac
    done
}

# Steps of `HTTP2Steps`: a call with its answer, whole and byte by byte; a stream of messages both ways that waits for
# credit; calls that are reset, refused and compressed; settings without credit, and the end.
http2_seeds() {
    local call='\13\0\20\1\1\2\25\1\33\377'
    printf "\0$call" >"$1/call"
    printf "\1$call" >"$1/bytes"
    printf '\0\13\0\20\1\0\377\20\1\0\20\32\3\30\3\33\377\33\377\23\1\24\23\0\24\33\377\26\1\27\0\33\377' >"$1/stream"
    printf '\0\13\20\3\0\1\4\0\0\0\10\13\40\13\100\13\10\20\7\201\2\13\13\33\377' >"$1/resets"
    printf '\7\4\0\0\6\0\4\0\0\0\0\13\20\25\3\33\377\23\1\37\33\377\36\0\6\1\0\10martlets\33\377\37\0' >"$1/settings"
}

# What each part of gRPC's has, in the order in which `GRPCProperty` tells them apart.
grpc_seeds() {
    printf '\0\0\0\0\0\5first\1\0\0\0\0\0\0\0\1\0' >"$1/messages"
    printf '\12\0\0\0\0\5first\1\0\0\0\3abc' >"$1/cut"
    printf '\00199999999S' >"$1/timeout"
    printf '\002caf%%C3%%A9 %%25 %%' >"$1/text"
    printf '\003x-a:1\na-bin:AQI,Aw==\ngrpc-x:1\nuser-agent:me\nz: b ' >"$1/metadata"
    printf '\004grpc-status:5\ngrpc-message:no%%20one\ngrpc-status-details-bin:CAUSAXgaBwoBQRICAQI' >"$1/status"
}

# The bytes that Python's protobuf wrote for each kind of field, and unusual ones.
message_seeds() {
    local name message hex choice number=0 _
    while IFS=$'\t' read -r name message hex _; do
        choice=$(choice "$message")
        number=$((number + 1))
        # Each test of unusual bytes is much like the next.
        [ $number -lt 200 ] || [ $((number % 10)) = 0 ] || continue
        [ -z "$choice" ] || [ ${#hex} -gt 4000 ] ||
            printf "%b" "$choice${hex:+$(sed 's/../\\x&/g' <<<"$hex")}" >"$1/$number"
    done < <(cat ../Tests/Peers/fixtures/messages.tsv ../Tests/Peers/fixtures/wire.tsv)
}

# The JSON of the tests that Python's protobuf writes, a file for each form of it that is not an error.
json_seeds() {
    local name message choice text number=0 _
    while IFS=$'\t' read -r name message _ _ text; do
        choice=$(choice "$message")
        number=$((number + 1))
        [ -z "$choice" ] || [ -z "$text" ] || { printf "%b" "$choice"; printf %s "$text"; } >"$1/$number"
    done <../Tests/Peers/fixtures/json.tsv
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
    HTTP2Fuzzer) http2_seeds .build/seeds ;;
    GRPCFuzzer) grpc_seeds .build/seeds ;;
    MessageFuzzer | ParserFuzzer) message_seeds .build/seeds ;;
    JSONFuzzer) json_seeds .build/seeds ;;
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
