#!/bin/sh
# Makes the certificate that `martlet-bench … --tls` uses, server.pem and its server.key, with openssl:
#
#   certificate.sh [DIRECTORY]      by default .build/certificates of this package
set -eu
directory=${1:-$(dirname "$0")/.build/certificates}
mkdir -p "$directory"
# Signed by itself, for 127.0.0.1; a key of an elliptic curve, since that is made at once.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=martlet-bench \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$directory/server.key" -out "$directory/server.pem" \
    2>/dev/null
echo "$directory/server.pem"
