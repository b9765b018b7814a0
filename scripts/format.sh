#!/usr/bin/env bash
# Formats the Swift files of the repository; with --check only says which ones aren't formatted.
set -euo pipefail
cd "$(dirname "$0")/.."

# Git knows which files are ours; checkouts of dependencies are none of them.
files() { git ls-files -z --cached --others --exclude-standard -- '*.swift'; }

case "${1:-}" in
"") files | xargs -0 swift format --in-place --parallel ;;
--check) files | xargs -0 swift format lint --strict --parallel ;;
*)
    echo "usage: scripts/format.sh [--check]" >&2
    exit 1
    ;;
esac
