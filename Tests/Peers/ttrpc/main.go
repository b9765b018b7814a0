// containerd's ttrpc for Martlet's tests, as a server and as a client of the service martlet.testing.Peer, whose
// methods take and return a google.protobuf.StringValue:
//
//	Echo       the same text
//	Make       so many letters as the text says
//	Metadata   the values of the key that the text names, with commas between
//	Remaining  "some" if the call has a deadline at most 30 s away, else "none"
//	Wait       nothing, until the call's deadline
//	Fail       NOT_FOUND, with the text in the message and in a google.rpc.ResourceInfo
//
// Usage: peer serve    listens on a free port, prints it, and serves while its parent runs
//
//	peer call ADDRESS    calls a server and prints a line for each outcome
//
// Debian's packages golang-go and golang-github-containerd-ttrpc-dev are all it takes: build.sh.
package main

import (
	"fmt"
	"os"
)

const service = "martlet.testing.Peer"

func main() {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "serve":
		err = serve()
	case len(os.Args) == 3 && os.Args[1] == "call":
		err = call(os.Args[2])
	default:
		err = fmt.Errorf("usage: peer serve, or peer call ADDRESS")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
