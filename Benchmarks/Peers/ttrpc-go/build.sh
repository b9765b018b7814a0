#!/usr/bin/env bash
# Builds ttrpc-go's server and client into Benchmarks/.build-peers/ttrpc-go.
set -euo pipefail
cd "$(dirname "$0")"
library=/usr/share/gocode/src/github.com/containerd/ttrpc
command -v go >/dev/null || { echo "Go is missing (Debian: golang-go)" >&2; exit 1; }
[ -d $library ] || { echo "ttrpc-go is missing (Debian: golang-github-containerd-ttrpc-dev)" >&2; exit 1; }
command -v protoc-gen-gogofaster >/dev/null ||
    { echo "protoc-gen-gogofaster is missing (Debian: gogoprotobuf)" >&2; exit 1; }
exec ../go/build.sh ttrpc-go gogofaster ""
