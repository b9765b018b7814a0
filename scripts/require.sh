#!/usr/bin/env bash
# Makes sure of what a command of the Makefile needs from this machine, and installs what is missing.
#
#   scripts/require.sh build      what every build needs
#   scripts/require.sh example    what the build of Examples/UserService needs too
#   scripts/require.sh test       what the tests need too: Python peers, in .venv
#
# Debian and its relatives get missing packages from apt, without being asked; elsewhere a message names them.
# When nothing is missing this takes a tenth of a second and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# install DEBIAN-PACKAGE…
install() {
    local packages="$*" as_root=""
    if ! command -v apt-get >/dev/null; then
        fail "Missing on this machine: $packages (Debian's names)." "Install them and try again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null ||
            fail "Missing on this machine, and there are no rights to install it: $packages" \
                "Run this, then try again:  sudo apt-get install $packages"
        as_root="sudo -n"
    fi
    echo "Installing $packages with apt."
    local apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq"
    # The package lists of a fresh machine may be empty or old; they are fetched only if that is what is wrong.
    # shellcheck disable=SC2086
    $apt install -y --no-install-recommends $packages </dev/null >/dev/null 2>&1 ||
        { $apt update </dev/null && $apt install -y --no-install-recommends $packages </dev/null >/dev/null; } ||
        fail "apt could not install: $packages"
}

require_build() {
    command -v swift >/dev/null ||
        fail "Swift isn't installed, or not on the PATH. Martlet needs Swift 6.3: https://www.swift.org/install"
    if [ "$(uname)" = Darwin ]; then
        { command -v pkg-config && pkg-config --exists libprotobuf-c; } >/dev/null ||
            fail "Missing: libprotobuf-c. Run this, then try again:  brew install protobuf-c pkg-config"
        return
    fi
    local missing=()
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    pkg-config --exists libprotobuf-c 2>/dev/null || missing+=(libprotobuf-c-dev)
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
}

require_example() {
    require_build
    # macOS has SQLite in its SDK.
    [ "$(uname)" = Darwin ] || pkg-config --exists sqlite3 || install libsqlite3-dev
}

require_test() {
    require_example
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        [ "$(uname)" != Darwin ] || fail "Missing: Python 3. Run this, then try again:  brew install python3"
        install python3-venv
    fi
    # A copy of the list inside says what has been installed.
    if ! cmp -s Tests/Peers/requirements.txt .venv/requirements.txt; then
        echo "Installing the tests' Python peers into .venv."
        python3 -m venv --clear .venv
        .venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Peers/requirements.txt ||
            fail "pip could not install what Tests/Peers/requirements.txt lists."
        cp Tests/Peers/requirements.txt .venv/requirements.txt
    fi
}

case "${1:-}" in
build | example | test) "require_$1" ;;
*) fail "usage: scripts/require.sh build|example|test" ;;
esac
