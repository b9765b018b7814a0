#!/usr/bin/env bash
# Builds the peer into Tests/Peers/grpc/go/.build/peer, with Debian's Go packages only. Built again only after a change.
set -euo pipefail
cd "$(dirname "$0")"
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$PWD/.build/cache" exec go build -o .build/peer .
