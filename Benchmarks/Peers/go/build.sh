#!/usr/bin/env bash
# Builds a Go peer's server and client into Benchmarks/.build-peers/PEER, with Debian's Go packages only.
#
#   build.sh PEER PLUGIN PLUGIN-OPTION     PLUGIN is what protoc calls the generator: go, gogofaster
set -euo pipefail
cd "$(dirname "$0")/.."
peer=$1 plugin=$2 option=$3
out=$(cd .. && pwd)/.build-peers
command -v protoc >/dev/null || { echo "protoc is missing (Debian: protobuf-compiler)" >&2; exit 1; }

# A Go path of its own, where these folders are the package "peers" and what is generated lies beside them.
source=$out/go/src/peers
mkdir -p "$source/$peer/users" "$out/$peer" "$out/go/generated"
ln -sfn "$PWD/go" "$source/go"
for program in server client; do ln -sfn "$PWD/$peer/$program" "$source/$peer/$program"; done
protoc -I ../../Protos "--${plugin}_out=${option}import_path=users:$out/go/generated" benchmarks/v1/user_service.proto
mv "$out/go/generated/benchmarks/v1/user_service.pb.go" "$source/$peer/users/"

export GO111MODULE=off GOFLAGS= GOPATH="$out/go:/usr/share/gocode" GOCACHE="$out/go/cache"
for program in server client; do go build -o "$out/$peer/$program" "peers/$peer/$program"; done
