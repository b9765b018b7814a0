#!/bin/sh
# Makes the certificates of MartletTLS's tests, with openssl:
#
#   certificates.sh DIRECTORY
set -eu
cd "$1"

# Keys of elliptic curves, since they are made at once.
key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

# authority NAME: NAME.pem and NAME.key
authority() {
    openssl req -x509 $key -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 2 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# certificate NAME AUTHORITY DAYS ALTERNATIVE-NAMES: NAME.pem and NAME.key, for someone called NAME
certificate() {
    openssl req $key -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
    printf 'subjectAltName=%s\n' "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -out "$1.pem" -days "$3" -extfile "$1.ext"
}

authority authority
authority stranger
here="DNS:localhost,IP:127.0.0.1"
certificate server authority 2 "$here"
certificate renewed authority 2 "$here"
certificate elsewhere authority 2 DNS:elsewhere.example,DNS:else.example
certificate expired authority -1 "$here"
certificate client authority 2 DNS:client.internal
certificate intruder stranger 2 DNS:client.internal
