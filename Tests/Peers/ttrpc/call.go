package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/types"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type caller struct{ client *ttrpc.Client }

func call(address string) error {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	c := caller{ttrpc.NewClient(connection)}
	defer c.client.Close()
	ctx := context.Background()

	c.show(ctx, service, "Echo", "hello")
	c.show(ctx, service, "Echo", "")
	md := ttrpc.MD{}
	md.Set("Key", "one", "two")
	c.show(ttrpc.WithMetadata(ctx, md), service, "Metadata", "key")
	c.show(ctx, service, "Remaining", "")
	long, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	c.show(long, service, "Remaining", "")
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	c.show(short, service, "Wait", "")
	c.show(ctx, service, "Fail", "poem")
	c.show(ctx, service, "Missing", "")
	c.show(ctx, "martlet.testing.Missing", "Echo", "")
	// With its envelope a little less than the 4 MiB of a frame, and more than they are.
	c.show(ctx, service, "Echo", strings.Repeat("x", 4<<20-64))
	c.show(ctx, service, "Echo", strings.Repeat("x", 4<<20))
	c.show(ctx, service, "Make", "4194300")
	fmt.Println(c.concurrent(ctx, 64), "of 64 at once")
	return nil
}

func (c caller) text(ctx context.Context, service, method, text string) (string, error) {
	var response types.StringValue
	err := c.client.Call(ctx, service, method, &types.StringValue{Value: text}, &response)
	return response.Value, err
}

// Prints what became of a call; of a long text its length.
func (c caller) show(ctx context.Context, service, method, text string) {
	response, err := c.text(ctx, service, method, text)
	switch {
	// The client's own clock or the server's: whichever is first.
	case errors.Is(err, context.DeadlineExceeded), status.Code(err) == codes.DeadlineExceeded:
		response = "deadline exceeded"
	case err != nil:
		failure := status.Convert(err)
		response = fmt.Sprintf("%v: %s", failure.Code(), failure.Message())
		for _, detail := range failure.Details() {
			if info, ok := detail.(*errdetails.ResourceInfo); ok {
				response += fmt.Sprintf(" (%s %s)", info.ResourceType, info.ResourceName)
			}
		}
	case len(response) > 100:
		response = fmt.Sprintf("%d bytes", len(response))
	}
	fmt.Printf("%s: %s\n", method, response)
}

// How many of the calls made at the same time were given their own answer.
func (c caller) concurrent(ctx context.Context, count int) int32 {
	var answered int32
	var calls sync.WaitGroup
	for i := 0; i < count; i++ {
		calls.Add(1)
		go func(text string) {
			defer calls.Done()
			if response, err := c.text(ctx, service, "Echo", text); err == nil && response == text {
				atomic.AddInt32(&answered, 1)
			}
		}(fmt.Sprint("call ", i))
	}
	calls.Wait()
	return answered
}
