#!/usr/bin/env bash
# What must hold before a change is merged, beside its tests: format, no warnings, generated code that is what the
# generator makes now, scripts that parse.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Format"
scripts/format.sh --check

echo "Shell scripts"
for script in scripts/*.sh Benchmarks/run.sh Benchmarks/Messages/run.sh Conformance/run.sh Fuzz/run.sh .ci/run; do bash -n "$script"; done

echo "Warnings"
# Package.swift turns warnings into errors in our own targets, and dependencies stay built.
export MARTLET_STRICT=1
swift build --build-tests --quiet
swift build --build-tests --quiet --package-path Examples/UserService

echo "What no test builds"
swift build --quiet --package-path Benchmarks
swift build --quiet --package-path Fuzz

echo "Generated code"
scripts/generate.sh --check
