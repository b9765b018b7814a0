// grpc-go for Martlet's tests; ../README.md says what it serves and calls.
//
// Usage: peer serve [--tls CERTIFICATE KEY]
//
//	peer call [--ca FILE] HOST:PORT FACT…
//
// It has no deflate. Debian's packages golang-go and golang-google-grpc-dev are all it takes: build.sh.
package main

import (
	"fmt"
	"os"

	"google.golang.org/grpc/encoding"
)

const service = "martlet.testing.Peer"

// raw is a codec for messages that are their own bytes.
type raw struct{}

func (raw) Marshal(v interface{}) ([]byte, error) { return *v.(*[]byte), nil }

func (raw) Unmarshal(data []byte, v interface{}) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (raw) Name() string { return "proto" }

func main() {
	encoding.RegisterCodec(raw{})
	var err error
	switch {
	case len(os.Args) >= 2 && os.Args[1] == "serve":
		err = serve(os.Args[2:])
	case len(os.Args) >= 4 && os.Args[1] == "call":
		err = call(os.Args[2:])
	default:
		err = fmt.Errorf("usage: peer serve [--tls CERTIFICATE KEY], or peer call [--ca FILE] HOST:PORT FACT…")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
