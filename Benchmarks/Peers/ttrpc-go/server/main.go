// Answers every request with the same 109 bytes, and echoes blobs.
package main

import (
	"context"
	"log"
	"net"
	"os"

	"github.com/containerd/ttrpc"
	"peers/ttrpc-go/users"
)

var user = &users.User{
	Id: "user-000042", Email: "someone.42@engineering.example.com", DisplayName: "Some One Forty-Two",
	CreatedAtUnix: 1700000042, Roles: []string{"administrator", "member", "auditor"}, Active: true,
}

func getUser(_ context.Context, decode func(interface{}) error) (interface{}, error) {
	var request users.GetUserRequest
	if err := decode(&request); err != nil {
		return nil, err
	}
	return user, nil
}

func echo(_ context.Context, decode func(interface{}) error) (interface{}, error) {
	var request users.Blob
	if err := decode(&request); err != nil {
		return nil, err
	}
	return &request, nil
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: server PORT")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	server.Register("benchmarks.v1.UserService", map[string]ttrpc.Method{"GetUser": getUser, "Echo": echo})
	log.Fatal(server.Serve(context.Background(), listener))
}
