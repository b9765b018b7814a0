#!/usr/bin/env bash
# Makes sure of what a command of the Makefile needs from this machine, and installs what is missing.
#
#   scripts/require.sh build        what every build needs
#   scripts/require.sh example      what the build of Examples/UserService needs too
#   scripts/require.sh fleet        what the example with a registry needs too: etcd
#   scripts/require.sh test         what the tests need too: openssl, nghttp2's programs, Python peers in .venv,
#                                   Go (600 MB) for peers of ttrpc and gRPC, etcd (30 MB)
#   scripts/require.sh check        what the checks need too: Python
#   scripts/require.sh bench        what the benchmark needs: OpenSSL, Python, and its peers with their compilers (1 GB)
#   scripts/require.sh counts       what counting needs too: valgrind, binutils
#   scripts/require.sh conformance  what the conformance runs need too: gRPC's own programs, in Ruby (60 MB)
#
# Debian and its relatives get missing packages from apt, without being asked; elsewhere a message names them.
# When nothing is missing this takes a tenth of a second and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

debian=()
brew=()

# need DEBIAN-PACKAGE BREW-FORMULA CHECK…: notes the packages unless the check passes.
need() {
    "${@:3}" >/dev/null 2>&1 || { debian+=("$1") && brew+=("$2"); }
}

need_build() {
    command -v swift >/dev/null ||
        fail "Swift isn't installed, or not on the PATH. Martlet needs Swift 6.3: https://www.swift.org/install"
    need pkg-config pkgconf command -v pkg-config
    need libprotobuf-c-dev protobuf-c pkg-config --exists libprotobuf-c
    need zlib1g-dev zlib pkg-config --exists zlib
    need libnghttp2-dev libnghttp2 pkg-config --exists libnghttp2
    need libc-ares-dev c-ares pkg-config --exists libcares
}

need_example() {
    need_build
    # macOS has SQLite in its SDK.
    [ "$(uname)" = Darwin ] || need libsqlite3-dev sqlite pkg-config --exists sqlite3
}

need_fleet() {
    need_example
    # Others have no package of it: there the example runs without. Debian starts it as a service of the machine too, on
    # the loopback ports 2379 and 2380.
    ! command -v apt-get >/dev/null || need etcd-server - command -v etcd
}

need_test() {
    need_fleet
    need python3-venv python3 python3 -c 'import ensurepip, venv'
    need openssl openssl command -v openssl
    need nghttp2-client nghttp2 command -v h2load
    # Debian keeps servers where only root looks.
    PATH="$PATH:/usr/sbin" need nghttp2-server nghttp2 command -v nghttpd
    # Others have no packages of Go's ttrpc and gRPC: there the tests that need them are skipped.
    ! command -v apt-get >/dev/null || {
        need golang-go go command -v go
        need golang-github-containerd-ttrpc-dev - test -d /usr/share/gocode/src/github.com/containerd/ttrpc
        need golang-google-grpc-dev - test -d /usr/share/gocode/src/google.golang.org/grpc
    }
}

need_check() {
    need_example
    need python3 python3 command -v python3
}

need_bench() {
    need_build
    need python3 python3 command -v python3
    need openssl openssl command -v openssl
}

need_counts() {
    need_bench
    need valgrind valgrind command -v valgrind
    need binutils binutils command -v objcopy
}

need_cpp_grpc() {
    need g++ - command -v g++
    need libgrpc++-dev - pkg-config --exists grpc++
    need protobuf-compiler - command -v protoc
    need protobuf-compiler-grpc - command -v grpc_cpp_plugin
}

need_grpc_go() {
    need golang-go - command -v go
    need golang-google-grpc-dev - test -d /usr/share/gocode/src/google.golang.org/grpc
    # The library in the version that code of this plugin is for, and the plugin.
    need golang-goprotobuf-dev - test -d /usr/share/gocode/src/github.com/golang/protobuf
    need protoc-gen-go-1-3 - command -v protoc-gen-go
}

need_ttrpc_go() {
    need golang-go - command -v go
    need golang-github-containerd-ttrpc-dev - test -d /usr/share/gocode/src/github.com/containerd/ttrpc
    need gogoprotobuf - command -v protoc-gen-gogofaster
}

need_h2load() {
    need nghttp2-client - command -v h2load
    PATH="$PATH:/usr/sbin" need nghttp2-server - command -v nghttpd
}

need_conformance() {
    need_test
    # Others have no package of it: there the cases with its programs are left out.
    ! command -v apt-get >/dev/null || need ruby-grpc - dpkg -L ruby-grpc
}

install_missing() {
    [ ${#debian[@]} -gt 0 ] || return 0
    if [ "$(uname)" = Darwin ]; then
        fail "Missing on this machine. Run this, then try again:  brew install ${brew[*]}"
    elif ! command -v apt-get >/dev/null; then
        fail "Missing on this machine (Debian's names): ${debian[*]}" "Install them and try again."
    fi
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null ||
            fail "Missing on this machine, and there are no rights to install it: ${debian[*]}" \
                "Run this, then try again:  sudo apt-get install ${debian[*]}"
        apt=(sudo -n "${apt[@]}")
    fi
    echo "Installing with apt: ${debian[*]}"
    # The package lists of a fresh machine may be empty or old; they are fetched only if that is what is wrong.
    local install=("${apt[@]}" install -y --no-install-recommends "${debian[@]}")
    "${install[@]}" </dev/null >/dev/null 2>&1 ||
        { "${apt[@]}" update </dev/null && "${install[@]}" </dev/null >/dev/null; } ||
        fail "apt could not install: ${debian[*]}"
}

# A copy of the list of peers in .venv says what has been installed.
install_peers() {
    local list=Tests/Peers/requirements.txt
    ! cmp -s $list .venv/requirements.txt || return 0
    echo "Installing the tests' Python peers into .venv."
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement $list ||
        fail "pip could not install what $list lists."
    cp $list .venv/requirements.txt
}

# One after the other, since the benchmark can do without any of them. Others than Debian have no packages of most.
install_bench_peers() {
    local peer
    ! command -v apt-get >/dev/null || for peer in cpp_grpc grpc_go ttrpc_go h2load; do
        debian=() brew=()
        "need_$peer"
        (install_missing) || echo "The benchmark goes on without $peer."
    done
}

case "${1:-}" in
build | example | fleet | test | check | bench | counts | conformance) "need_$1" ;;
*) fail "usage: scripts/require.sh build|example|fleet|test|check|bench|counts|conformance" ;;
esac
install_missing
case "$1" in
test | conformance) install_peers ;;
bench) install_bench_peers ;;
esac
