package main

import (
	"context"
	"fmt"
	"net"

	"github.com/containerd/ttrpc"
	"peers/go/measure"
	"peers/ttrpc-go/users"
)

const service = "benchmarks.v1.UserService"

func main() {
	background := context.Background()
	var clients []*ttrpc.Client
	measure.Run(measure.Client{
		Framework: "ttrpc-go",
		Connect: func(address string) error {
			connection, err := net.Dial("tcp", address)
			if err == nil {
				clients = append(clients, ttrpc.NewClient(connection))
			}
			return err
		},
		Unary: func(connection int) error {
			var user users.User
			request := users.GetUserRequest{Id: "user-000042"}
			err := clients[connection].Call(background, service, "GetUser", &request, &user)
			if err == nil && len(user.Roles) != 3 {
				return fmt.Errorf("wrong user: %v", user)
			}
			return err
		},
		Echo: func(content []byte) error {
			var answer users.Blob
			err := clients[0].Call(background, service, "Echo", &users.Blob{Content: content}, &answer)
			if err == nil && len(answer.Content) != len(content) {
				return fmt.Errorf("%d bytes came back of %d", len(answer.Content), len(content))
			}
			return err
		},
	})
}
