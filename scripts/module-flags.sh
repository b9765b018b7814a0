#!/usr/bin/env bash
# Prints the compiler's flags with which the modules that `swift build` has built can be imported.
#
#   scripts/module-flags.sh BIN    BIN: what `swift build --show-bin-path` prints
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$1
flags=(-I "$bin/Modules" -module-cache-path "$bin/ModuleCache" -swift-version 6)
triple=$(swift -print-target-info | sed -n 's/^ *"triple": "\(.*\)",/\1/p' | head -1)
if [ "$(uname)" = Darwin ]; then
    # The platform of Package.swift.
    flags+=(-sdk "$(xcrun --show-sdk-path)")
    triple=$(sed 's/macosx.*/macosx26.0/' <<<"$triple")
fi
flags+=(-target "$triple")

# C modules: those of the packages, those that SwiftPM makes, and the system libraries.
while IFS= read -r map; do flags+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find "$PWD/.build/checkouts" -path '*/Sources/*' -name module.modulemap
    find "$bin" -maxdepth 2 -path '*.build/module.modulemap'
    ls "$PWD"/Sources/*/module.modulemap
)
for flag in $(pkg-config --cflags-only-I libprotobuf-c zlib libnghttp2 libcares); do flags+=(-Xcc "$flag"); done
printf '%s\n' "${flags[@]}"
