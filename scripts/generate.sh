#!/bin/sh
# Writes all Swift of this repository that is made from .proto files; needs nothing but Swift.
#
#   scripts/generate.sh           brings the committed files up to date
#   scripts/generate.sh --check   changes nothing, and fails with the differences if there are any
set -eu
cd "$(dirname "$0")/.."
root=$PWD

# update DIRECTORY: makes it hold what $new has for it, without touching files that are right already.
update() {
    mkdir -p "$1"
    for old in "$1"/*.swift; do
        [ -e "$new/$old" ] || rm -f "$old"
    done
    for file in "$new/$1"/*.swift; do
        cmp -s "$file" "$1/${file##*/}" || cp "$file" "$1"
    done
}

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
directories=Sources/MartletSchema/Generated

# Goes first: it becomes part of the tool.
mkdir -p "$new/$directories"
scripts/embed-protos.sh >"$new/$directories/well-known-protos.swift"
[ "${1:-}" = --check ] || update "$directories"

swift build --product martlet-generate >&2
tool=$(swift build --show-bin-path)/martlet-generate

# generate DIRECTORY ARGUMENTS…: what is to be in DIRECTORY, made from files under the current directory.
generate() {
    directories="$directories $1"
    directory=$1
    shift
    "$tool" --out "$new/$directory" --runtime-module MartletMessages "$@"
}

cd Protos
generate Sources/MartletMessages/Generated --module-name MartletMessages \
    google/protobuf/any.proto google/protobuf/api.proto google/protobuf/duration.proto \
    google/protobuf/empty.proto google/protobuf/field_mask.proto google/protobuf/source_context.proto \
    google/protobuf/struct.proto google/protobuf/timestamp.proto google/protobuf/type.proto \
    google/protobuf/wrappers.proto google/rpc/code.proto google/rpc/error_details.proto google/rpc/status.proto
generate Sources/MartletDescriptors/Generated --module-name MartletDescriptors \
    google/protobuf/descriptor.proto google/protobuf/compiler/plugin.proto martlet/options.proto
generate Sources/MartletServices/Generated --module-name MartletServices \
    --namespace grpc/health/v1/=GRPCHealthV1 --namespace grpc/reflection/v1/=GRPCReflectionV1 \
    --namespace grpc/reflection/v1alpha/=GRPCReflectionV1Alpha grpc/health/v1/health.proto \
    grpc/reflection/v1/reflection.proto grpc/reflection/v1alpha/reflection.proto
generate Sources/MartletClient/Generated --access internal --module-name MartletClient \
    --namespace grpc/service_config/=GRPCServiceConfig grpc/service_config/service_config.proto
generate Sources/MartletDiscovery/Generated --module-name MartletDiscovery --access package \
    --namespace martlet/discovery/v1/=DiscoveryV1 martlet/discovery/v1/instance.proto
generate Sources/MartletEtcd/Generated --module-name MartletEtcd --access package \
    --namespace etcd/api/etcdserverpb/=EtcdAPI --namespace etcd/api/mvccpb/=EtcdStore \
    etcd/api/etcdserverpb/rpc.proto etcd/api/mvccpb/kv.proto
generate Tests/MartletMessagesTests/Generated --views martlet/testing/*.proto
generate Benchmarks/Messages/Sources/MartletShapes/Generated --views benchmarks/messages/v1/messages.proto
generate Tests/MartletWireTests/Generated --access internal martlet/wire/v1/native.proto
generate Tests/MartletServicesTests/Generated --access internal martlet/reflected/*.proto
cd "$root/Tests/PluginPackage"
# As `swift package martlet-generate` does there.
generate Tests/PluginPackage/Sources/NoteAPI/Generated --proto-path Sources/NoteAPI --proto-path Sources/GreetingAPI \
    --proto-path Catalog/Sources/CatalogAPI --module greeting/=GreetingAPI --module common/=GreetingAPI \
    --module catalog/=CatalogAPI --namespace catalog/=package note/v1/note.proto
cd "$root"

for golden in Tests/MartletCodegenTests/Golden/*; do
    cd "$root/$golden"
    # shellcheck disable=SC2046 # a word is an argument
    generate "$golden/expected" $(cat arguments 2>/dev/null || true) $(find . -name '*.proto' | sed 's|^\./||' | LC_ALL=C sort)
done
cd "$root"

if [ "${1:-}" = --check ]; then
    status=0
    for directory in $directories; do
        diff -ru "$directory" "$new/$directory" || status=1
    done
    [ $status = 0 ] || echo "generated files are not what the generator makes now: run scripts/generate.sh" >&2
    exit $status
fi

for directory in $directories; do update "$directory"; done
