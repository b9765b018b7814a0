#!/usr/bin/env bash
# Builds grpc-go's server and client into Benchmarks/.build-peers/grpc-go.
set -euo pipefail
cd "$(dirname "$0")"
library=/usr/share/gocode/src
command -v go >/dev/null || { echo "Go is missing (Debian: golang-go)" >&2; exit 1; }
[ -d $library/google.golang.org/grpc ] || { echo "grpc-go is missing (Debian: golang-google-grpc-dev)" >&2; exit 1; }
command -v protoc-gen-go >/dev/null || { echo "protoc-gen-go is missing (Debian: protoc-gen-go-1-3)" >&2; exit 1; }
exec ../go/build.sh grpc-go go plugins=grpc,
