#!/usr/bin/env bash
# Builds C++ gRPC's server and client into Benchmarks/.build-peers/cpp-grpc, from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/.build-peers/cpp-grpc protos=../../../Protos proto=benchmarks/v1/user_service

for need in g++:g++ protoc:protobuf-compiler grpc_cpp_plugin:protobuf-compiler-grpc pkg-config:pkg-config; do
    command -v "${need%:*}" >/dev/null || { echo "${need%:*} is missing (Debian: ${need#*:})" >&2; exit 1; }
done
pkg-config --exists grpc++ protobuf || { echo "gRPC's C++ library is missing (Debian: libgrpc++-dev)" >&2; exit 1; }

mkdir -p "$out/generated"
# Compiling takes a minute; unless something has changed there is nothing to do.
[ ! -e "$out/client" ] || [ -n "$(find . $protos/$proto.proto -type f -newer "$out/client")" ] || exit 0

protoc -I $protos --cpp_out="$out/generated" --grpc_out="$out/generated" \
    --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" $proto.proto
compile=(g++ -O2 -DNDEBUG -std=c++17 -Wall -I . -I "$out/generated")
"${compile[@]}" -c -o "$out/messages.o" "$out/generated/$proto.pb.cc"
"${compile[@]}" -c -o "$out/service.o" "$out/generated/$proto.grpc.pb.cc"
for program in server client; do
    "${compile[@]}" -o "$out/$program" $program.cc "$out"/{messages,service}.o \
        $(pkg-config --libs grpc++ protobuf) -pthread
done
