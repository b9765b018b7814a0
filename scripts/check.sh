#!/usr/bin/env bash
# What must hold before a change is merged, beside its tests: format, no warnings, .proto files in our own style,
# generated code that is what the generator makes now, scripts that parse.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Format"
scripts/format.sh --check

echo "Shell scripts"
for script in scripts/*.sh Benchmarks/*.sh Benchmarks/Messages/run.sh Benchmarks/Peers/*/build.sh Conformance/*.sh Fuzz/run.sh Tests/Peers/*.sh Tests/Peers/*/*.sh Tests/Peers/*/*/*.sh .ci/run; do bash -n "$script"; done

echo "What runs the benchmarks"
for tests in Benchmarks/*/tests; do
    (cd Benchmarks && python3 -m unittest discover --quiet --start-directory "${tests#*/}" --top-level-directory .)
done

echo "Warnings"
# Package.swift turns warnings into errors in our own targets, and dependencies stay built.
export MARTLET_STRICT=1
swift build --build-tests --quiet
swift build --build-tests --quiet --package-path Examples/UserService

echo "Documentation"
scripts/docs.sh

echo "Our .proto files"
# Methods that give a resource return it itself, as https://google.aip.dev/131 has it. Those for tests are odd on purpose.
"$(swift build --show-bin-path)/martlet" lint --proto-path Protos \
    --except RPC_RESPONSE_STANDARD_NAME --except RPC_REQUEST_RESPONSE_UNIQUE \
    Protos/benchmarks Protos/martlet/discovery Protos/martlet/wire Protos/signup Protos/users

echo "What no test builds"
# Apart from Benchmarks/Messages, whose swift-protobuf takes longer than all the rest.
swift build --quiet --package-path Benchmarks
swift build --quiet --package-path Fuzz

echo "Generated code"
scripts/generate.sh --check
