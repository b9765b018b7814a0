#!/usr/bin/env bash
# `swift package martlet-generate` brings the committed files of Tests/PluginPackage back as they are, takes outdated
# ones away, and says what is wrong. The tree is left as it was.
set -euo pipefail
cd "$(dirname "$0")/../Tests/PluginPackage"

generated=Sources/NoteAPI/Generated
kept=$(mktemp -d)
cp $generated/* "$kept"
trap 'rm -rf $generated && mkdir $generated && cp "$kept"/* $generated && rm -rf "$kept"' EXIT

command() { swift package --allow-writing-to-package-directory martlet-generate "$@"; }

rm $generated/*
echo "// Its .proto file is gone." >$generated/gone.martlet.swift
command
diff -r "$kept" $generated

# refuses MESSAGE ARGUMENTS…: the command fails and says so.
refuses() {
    local message=$1
    shift
    if command "$@" >"$kept.log" 2>&1; then
        echo "swift package martlet-generate $* didn't fail" >&2
        exit 1
    fi
    grep -qF "$message" "$kept.log" || { cat "$kept.log" && exit 1; } >&2
    rm "$kept.log"
}
refuses 'target GreetingAPI has no .proto file, or its martlet.json doesn'"'"'t say in "output"' --target GreetingAPI
refuses 'USAGE: swift package martlet-generate [--target NAME]' NoteAPI
