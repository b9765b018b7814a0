// Answers every request with the same 109 bytes, and echoes blobs.
package main

import (
	"context"
	"log"
	"net"
	"os"

	"google.golang.org/grpc"
	"peers/grpc-go/users"
)

var user = &users.User{
	Id: "user-000042", Email: "someone.42@engineering.example.com", DisplayName: "Some One Forty-Two",
	CreatedAtUnix: 1700000042, Roles: []string{"administrator", "member", "auditor"}, Active: true,
}

type service struct {
	users.UnimplementedUserServiceServer
}

func (service) GetUser(context.Context, *users.GetUserRequest) (*users.User, error) { return user, nil }

func (service) Echo(_ context.Context, request *users.Blob) (*users.Blob, error) { return request, nil }

func (service) ListUsers(request *users.ListUsersRequest, stream users.UserService_ListUsersServer) error {
	for sent := int32(0); request.Count == 0 || sent < request.Count; sent++ {
		if err := stream.Send(user); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: server PORT")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	users.RegisterUserServiceServer(server, &service{})
	log.Fatal(server.Serve(listener))
}
