#!/usr/bin/env bash
# Compiles the examples of the documentation's articles: each block of Swift that begins with an import, as the main
# file of a program that depends on the example's API.
#
#   scripts/docs-examples.sh BIN OUT    BIN: what `swift build --show-bin-path` prints; OUT: a folder for what it makes
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$1 out=$2
flags=()
while IFS= read -r flag; do flags+=("$flag"); done < <(scripts/module-flags.sh "$bin")
compile=(swiftc "${flags[@]}" -I "$out" -suppress-remarks)

# api MODULE OPTIONS…: generates code of the .proto files of Examples/UserService, and compiles it as a module.
api() {
    "$bin/martlet" generate --proto-path Protos --out "$out/$1" "${@:2}" \
        users/v1/user_service.proto signup/v1/signup_service.proto
    "${compile[@]}" -emit-module -parse-as-library -module-name "$1" -emit-module-path "$out/$1.swiftmodule" \
        "$out/$1"/*.swift
}

rm -rf "$out" && mkdir -p "$out"
api UserAPI --views
api UserAPIDoubles --module users/=UserAPI --module signup/=UserAPI --test-doubles

# Errors then name the article and its line.
for article in Sources/*/*.docc/*.md Sources/*/*.docc/*/*.md; do
    [ -f "$article" ] || continue
    awk -v article="$article" -v out="$out" -v name="$(basename "$article" .md)" '
        /^```$/ && inside { inside = 0; close(file) }
        begins && /^(@testable )?import / {
            inside = 1
            folder = out "/" name "-" NR
            system("mkdir -p " folder)
            file = folder "/main.swift"
            printf "#sourceLocation(file: \"%s\", line: %d)\n", article, NR > file
        }
        { begins = /^```swift$/ }
        inside { print > file }' "$article"
done

# To the end of what finds errors, which is not that of type checking.
printf '%s\0' "$out"/*/main.swift |
    xargs -0 -n 1 -P "$(getconf _NPROCESSORS_ONLN)" "${compile[@]}" -warnings-as-errors -emit-sil -module-name Example \
        -o /dev/null
echo "  $(ls "$out"/*/main.swift | wc -l | tr -d ' ') examples"
