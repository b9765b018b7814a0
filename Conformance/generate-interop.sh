#!/usr/bin/env bash
# Generates the Swift code of gRPC's interoperability tests into Sources/Interop/Generated, or says why it can't.
#
#   CONFORMANCE_DATA    has grpc/test.proto, grpc/messages.proto and grpc/empty.proto;
#                       default: ../shared/conformance, beside this repository
set -euo pipefail
cd "$(dirname "$0")/.."
data=${CONFORMANCE_DATA:-../shared/conformance}/grpc
generated=Conformance/Sources/Interop/Generated

if [ ! -f "$data/test.proto" ]; then
    rm -rf $generated
    echo "CONFORMANCE_DATA has no messages of gRPC's interoperability tests (there is no $data/test.proto)." >&2
    exit 1
fi
# The files import each other as grpc/testing/….
protos=Conformance/.build/protos
mkdir -p $protos/grpc
ln -sfn "$(cd "$data" && pwd)" $protos/grpc/testing
swift build --product martlet-generate
"$(swift build --show-bin-path)/martlet-generate" --out $generated --access package --proto-path $protos \
    grpc/testing/empty.proto grpc/testing/messages.proto grpc/testing/test.proto
