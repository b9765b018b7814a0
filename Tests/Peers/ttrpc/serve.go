package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/types"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func serve() error {
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	server.Register(service, map[string]ttrpc.Method{
		"Echo":      method(func(_ context.Context, text string) (string, error) { return text, nil }),
		"Make":      method(makeText),
		"Metadata":  method(metadata),
		"Remaining": method(remaining),
		"Wait":      method(wait),
		"Fail":      method(fail),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go server.Serve(context.Background(), listener)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	// Whoever started it may be killed.
	for parent := os.Getppid(); os.Getppid() == parent; {
		time.Sleep(time.Second)
	}
	return nil
}

func method(answer func(context.Context, string) (string, error)) ttrpc.Method {
	return func(ctx context.Context, unmarshal func(interface{}) error) (interface{}, error) {
		var request types.StringValue
		if err := unmarshal(&request); err != nil {
			return nil, err
		}
		text, err := answer(ctx, request.Value)
		return &types.StringValue{Value: text}, err
	}
}

func makeText(_ context.Context, text string) (string, error) {
	count, err := strconv.Atoi(text)
	return strings.Repeat("x", count), err
}

func metadata(ctx context.Context, key string) (string, error) {
	all, _ := ttrpc.GetMetadata(ctx)
	return strings.Join(all[key], ","), nil
}

func remaining(ctx context.Context, _ string) (string, error) {
	deadline, ok := ctx.Deadline()
	if left := time.Until(deadline); ok && 0 < left && left <= 30*time.Second {
		return "some", nil
	}
	return "none", nil
}

func wait(ctx context.Context, _ string) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

func fail(_ context.Context, text string) (string, error) {
	failure, err := status.New(codes.NotFound, "no such text: "+text).WithDetails(
		&errdetails.ResourceInfo{ResourceType: "text", ResourceName: text})
	if err != nil {
		return "", err
	}
	return "", failure.Err()
}
