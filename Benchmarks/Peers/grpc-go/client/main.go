package main

import (
	"context"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"peers/go/measure"
	"peers/grpc-go/users"
)

func main() {
	background := context.Background()
	var stubs []users.UserServiceClient
	measure.Run(measure.Client{
		Framework: "grpc-go",
		Connect: func(address string) error {
			connection, err := grpc.Dial(address, grpc.WithInsecure(), grpc.WithBlock())
			if err == nil {
				stubs = append(stubs, users.NewUserServiceClient(connection))
			}
			return err
		},
		Unary: func(connection int) error {
			user, err := stubs[connection].GetUser(background, &users.GetUserRequest{Id: "user-000042"})
			if err == nil && len(user.Roles) != 3 {
				return fmt.Errorf("wrong user: %v", user)
			}
			return err
		},
		Echo: func(content []byte) error {
			answer, err := stubs[0].Echo(background, &users.Blob{Content: content})
			if err == nil && len(answer.Content) != len(content) {
				return fmt.Errorf("%d bytes came back of %d", len(answer.Content), len(content))
			}
			return err
		},
		Stream: func(messages int) error {
			stream, err := stubs[0].ListUsers(background, &users.ListUsersRequest{Count: int32(messages)})
			if err != nil {
				return err
			}
			received := 0
			for {
				user, err := stream.Recv()
				if err == io.EOF {
					break
				} else if err != nil {
					return err
				}
				if user.Active {
					received++
				}
			}
			if received != messages {
				return fmt.Errorf("%d messages came of %d", received, messages)
			}
			return nil
		},
	})
}
