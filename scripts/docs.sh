#!/usr/bin/env bash
# Builds the API documentation of the public modules with DocC. A warning of DocC is an error, and so are an example in
# an article that doesn't compile and a public symbol without a comment.
#
#   scripts/docs.sh           builds it, and says where it is
#   scripts/docs.sh --serve   then shows it on http://127.0.0.1:8000 (PORT=8001 for another port) until it is stopped
#
# Swift's toolchain has all that it takes: the compiler writes the symbols of a built module, docc makes pages of them.
# No package depends on DocC's plugin for that.
set -euo pipefail
cd "$(dirname "$0")/.."

# What `import Martlet` brings is documented as one module, with links from each of its parts to all others.
parts=(MartletClient MartletCore MartletDiscovery MartletMessages MartletServer MartletServices MartletTransport)
modules=(Martlet MartletDescriptors MartletEtcd MartletFoundation MartletObservability MartletTLS MartletTesting)

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

case "${1:-}" in
"" | --serve) ;;
-h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
*) fail "usage: scripts/docs.sh [--serve]" ;;
esac

# xcrun knows docc on macOS; elsewhere it stands beside swift.
if command -v xcrun >/dev/null; then
    docc=(xcrun docc)
else
    docc=("$(command -v docc || echo "$(dirname "$(readlink -f "$(command -v swift)")")/docc")")
fi
"${docc[@]}" --help >/dev/null 2>&1 || fail "There is no ${docc[*]}: install a toolchain of Swift that has DocC."

started=$SECONDS
echo "Building the modules"
swift build --quiet
bin=$(swift build --show-bin-path)
out=.build/docs
rm -rf $out && mkdir -p $out/archives

echo "Compiling the articles' examples"
scripts/docs-examples.sh "$bin" $out/examples

# symbols MODULE: writes the public symbols of a module, and those that it re-exports as its own.
symbols() {
    local reexported=""
    [ "$1" != Martlet ] || reexported=$(IFS=, && echo "${parts[*]}")
    mkdir -p "$out/symbols/$1"
    # shellcheck disable=SC2046
    swift symbolgraph-extract -module-name "$1" $(scripts/module-flags.sh "$bin") \
        -minimum-access-level public -emit-extension-block-symbols \
        ${reexported:+-experimental-allowed-reexported-modules=$reexported} -output-dir "$out/symbols/$1"
    # DocC checks comments only of the module itself.
    [ "$1" != Martlet ] || for file in "$out/symbols/$1"/*; do
        sed -E "s/\"module\":\"($(IFS='|' && echo "${parts[*]}"))\"/\"module\":\"Martlet\"/g" "$file" >"$out/graph"
        mv "$out/graph" "$file"
    done
}

# archive MODULE: makes pages of its symbols and its catalog.
archive() {
    local dependency=()
    # The others' symbols refer to its symbols.
    [ "$1" = Martlet ] || dependency=(--dependency $out/archives/Martlet.doccarchive)
    "${docc[@]}" convert "Sources/$1/$1.docc" --additional-symbol-graph-dir "$out/symbols/$1" \
        --fallback-display-name "$1" --fallback-bundle-identifier "$1" --fallback-default-module-kind Library \
        --enable-experimental-external-link-support ${dependency[@]+"${dependency[@]}"} \
        --warnings-as-errors --output-path "$out/archives/$1.doccarchive" >"$out/log" 2>&1 ||
        fail "$(cat "$out/log")" "The documentation of $1 isn't right, see above."
}

echo "Reading the symbols"
for module in "${modules[@]}"; do symbols "$module"; done
swift scripts/undocumented.swift $out/symbols/*/*.json ||
    fail "Document them; units, limits, defaults and errors first."

for module in "${modules[@]}"; do
    echo "Writing $module"
    archive "$module"
done
"${docc[@]}" merge $out/archives/*.doccarchive --synthesized-landing-page-name Martlet \
    --synthesized-landing-page-kind Package --output-path $out/Martlet.doccarchive
rm -rf $out/archives $out/symbols $out/examples $out/log

echo "$PWD/$out/Martlet.doccarchive has it, after $((SECONDS - started)) s. To read it:"
echo "  scripts/docs.sh --serve    or any HTTP server that serves that folder; the first page is /documentation"
[ "${1:-}" = --serve ] || exit 0
port=${PORT:-8000}
echo "http://127.0.0.1:$port/documentation until Ctrl-C"
exec python3 -m http.server "$port" --bind 127.0.0.1 --directory $out/Martlet.doccarchive
