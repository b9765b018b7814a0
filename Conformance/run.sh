#!/usr/bin/env bash
# Builds protobuf-testee and lets the runner of protobuf's conformance suite ask it.
#
#   CONFORMANCE_DATA      has protobuf/conformance.proto and protobuf/google/protobuf/test_messages_proto{2,3}.proto;
#                         default: ../shared/conformance, beside this repository
#   CONFORMANCE_RUNNER    the runner, which protobuf's source builds from its folder conformance/;
#                         without one, the tests of our own that need none
set -euo pipefail
cd "$(dirname "$0")/.."
data=${CONFORMANCE_DATA:-../shared/conformance}/protobuf

if [ ! -f "$data/conformance.proto" ]; then
    echo "protobuf-testee is left out: CONFORMANCE_DATA has no messages of protobuf's conformance suite" >&2
    echo "(there is no $data/conformance.proto)." >&2
    rm -rf Conformance/Sources/protobuf-testee/Generated
    [ -z "${CONFORMANCE_RUNNER:-}" ] || exit 1
else
    swift build --product martlet-generate
    "$(swift build --show-bin-path)/martlet-generate" --out Conformance/Sources/protobuf-testee/Generated \
        --access internal --runtime-module MartletMessages --proto-path "$data" conformance.proto \
        google/protobuf/test_messages_proto2.proto google/protobuf/test_messages_proto3.proto
    swift build --manifest-cache none --package-path Conformance --product protobuf-testee
fi

if [ -z "${CONFORMANCE_RUNNER:-}" ]; then
    echo "CONFORMANCE_RUNNER names no runner of protobuf's conformance suite: running the tests of our own instead."
    exec swift test --filter MartletMessagesTests
fi
testee=$(swift build --package-path Conformance --show-bin-path)/protobuf-testee
exec "$CONFORMANCE_RUNNER" --enforce_recommended --failure_list Conformance/known-failures.txt \
    --output_dir Conformance/.build/ "$testee"
