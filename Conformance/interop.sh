#!/usr/bin/env bash
# Runs gRPC's interoperability cases: interop-client against interop-server on both wires, plain and over TLS, and each
# of them against gRPC's own programs in Ruby, where Debian's package ruby-grpc is installed.
#
#   CONFORMANCE_DATA    see generate-interop.sh; without it nothing is run
set -euo pipefail
cd "$(dirname "$0")/.."

if ! Conformance/generate-interop.sh; then
    echo "gRPC's interoperability cases are left out."
    exit 0
fi
swift build --manifest-cache none --package-path Conformance --product interop-server
swift build --manifest-cache none --package-path Conformance --product interop-client
bin=$(swift build --package-path Conformance --show-bin-path)
# Away with the program, so that nothing of a failed run is left over.
work=$(mktemp -d)
servers=()
trap '[ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

passed=0 failed=0 skipped=0

# serve NAME PATTERN COMMAND…: starts a server and waits for the line with its port, which PATTERN has as its group.
# Sets `port`.
serve() {
    local log=$work/$1.log
    : >"$log"
    "${@:3}" >"$log" 2>&1 &
    servers+=($!)
    for _ in $(seq 200); do
        port=$(sed -nE "s/.*$2.*/\1/p" "$log" | head -1)
        [ -z "$port" ] || return 0
        sleep 0.05
    done
    echo "the server $1 doesn't tell its port:" >&2
    cat "$log" >&2
    exit 1
}

# ours TITLE CASES ARGUMENTS…: runs cases with interop-client, `all` or some.
ours() {
    echo "== $1"
    local case
    for case in $2; do
        "$bin/interop-client" --test_case "$case" "${@:3}" >"$work/output" 2>&1 || true
        cat "$work/output"
        passed=$((passed + $(grep -c '^PASS ' "$work/output" || true)))
        failed=$((failed + $(grep -c '^FAIL ' "$work/output" || true)))
        # Not even a case's line.
        grep -qE '^(PASS|FAIL) ' "$work/output" || failed=$((failed + 1))
    done
}

# theirs TITLE CASES ARGUMENTS…: runs cases with Ruby's client.
theirs() {
    echo "== $1"
    local case
    for case in $2; do
        if timeout 60 ruby "$ruby/client.rb" --test_case "$case" "${@:3}" >"$work/output" 2>&1; then
            echo "PASS $case"
            passed=$((passed + 1))
        else
            echo "FAIL $case"
            tail -20 "$work/output"
            failed=$((failed + 1))
        fi
    done
}

sh Tests/Peers/certificates.sh "$work" >/dev/null 2>&1
listening='listening on 127\.0\.0\.1:([0-9]+)'
serve plain "$listening" "$bin/interop-server"
plain=$port
serve tls "$listening" "$bin/interop-server" --use_tls true --tls_cert_file "$work/server.pem" --tls_key_file "$work/server.key"
secured=(--server_host localhost --server_port "$port" --use_tls true --ca_file "$work/authority.pem")

for wire in native grpc; do
    ours "Martlet and Martlet, $wire" all --wire "$wire" --server_host 127.0.0.1 --server_port "$plain"
    ours "Martlet and Martlet, $wire over TLS" all --wire "$wire" "${secured[@]}"
done

ruby=$({ dpkg -L ruby-grpc 2>/dev/null || true; } | sed -n 's,/client\.rb$,,p' | head -1)
if [ -z "$ruby" ]; then
    echo "== gRPC's Ruby client and server are left out: the package ruby-grpc isn't installed"
    skipped=$((skipped + 1))
else
    both="empty_unary large_unary client_streaming server_streaming ping_pong empty_stream custom_metadata
        status_code_and_message unimplemented_method unimplemented_service cancel_after_begin
        cancel_after_first_response timeout_on_sleeping_server"
    # Ruby's client has no special_status_message, server_compressed_… and soak; its server can't compress, nor tell
    # whether requests came compressed.
    theirs "Ruby calls Martlet" "$both client_compressed_unary client_compressed_streaming" \
        --server_host 127.0.0.1 --server_port "$plain" --use_tls false
    # The package has the keys that gRPC's tests are usually made with; its client believes in no others.
    keys=$ruby/../../spec/testdata
    serve ruby-keys "$listening" "$bin/interop-server" --use_tls true --tls_cert_file "$keys/server1.pem" \
        --tls_key_file "$keys/server1.key"
    name=foo.test.google.fr
    theirs "Ruby calls Martlet over TLS" "$both" --server_host 127.0.0.1 --server_port "$port" --use_tls true \
        --use_test_ca true --server_host_override $name

    # Its server has too few threads for concurrent_large_unary.
    more="special_status_message rpc_soak channel_soak"
    # It doesn't tell which port the system chose.
    free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
    # serve_ruby NAME USE-TLS
    serve_ruby() {
        port=$(free)
        ruby "$ruby/server.rb" --port "$port" --use_tls "$2" >"$work/$1.log" 2>&1 &
        servers+=($!)
        for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return; sleep 0.05; done
        echo "Ruby's server doesn't listen:" >&2
        cat "$work/$1.log" >&2
        exit 1
    }
    serve_ruby ruby-plain false
    ours "Martlet calls Ruby" "$both $more" --wire grpc --server_host 127.0.0.1 --server_port "$port"
    serve_ruby ruby-tls true
    ours "Martlet calls Ruby over TLS" "$both $more" --wire grpc --server_host localhost --server_port "$port" \
        --use_tls true --ca_file "$keys/ca.pem" --server_host_override $name
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
