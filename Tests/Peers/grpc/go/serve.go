package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"io/ioutil"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// How many calls of Wait have ended, by their text.
var (
	ended = map[string]int{}
	lock  sync.Mutex
)

func serve(arguments []string) error {
	var options []grpc.ServerOption
	if len(arguments) == 3 && arguments[0] == "--tls" {
		security, err := credentials.NewServerTLSFromFile(arguments[1], arguments[2])
		if err != nil {
			return err
		}
		options = append(options, grpc.Creds(security))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(options...)
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: service,
		HandlerType: (*interface{})(nil),
		Methods: []grpc.MethodDesc{
			unary("Echo", func(_ context.Context, request []byte) ([]byte, error) { return request, nil }),
			unary("Make", makeBytes),
			unary("Metadata", showMetadata),
			unary("Remaining", remaining),
			unary("Fail", fail),
			unary("Wait", wait),
			unary("Cancelled", cancelled),
			// The library compresses its answer as the request is.
			unary("Compressed", func(_ context.Context, request []byte) ([]byte, error) { return request, nil }),
		},
		Streams: []grpc.StreamDesc{
			{StreamName: "List", Handler: list, ServerStreams: true},
			{StreamName: "Collect", Handler: collect, ClientStreams: true},
			{StreamName: "Chat", Handler: chat, ClientStreams: true, ServerStreams: true},
		},
	}, nil)
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(ioutil.Discard, os.Stdin)
		server.Stop()
	}()
	return server.Serve(listener)
}

func unary(name string, handler func(context.Context, []byte) ([]byte, error)) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(
			_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor,
		) (interface{}, error) {
			var request []byte
			if err := decode(&request); err != nil {
				return nil, err
			}
			response, err := handler(ctx, request)
			return &response, err
		},
	}
}

func makeBytes(_ context.Context, request []byte) ([]byte, error) {
	count, err := strconv.Atoi(string(request))
	return bytes.Repeat([]byte("x"), count), err
}

func showMetadata(ctx context.Context, request []byte) ([]byte, error) {
	grpc.SendHeader(ctx, metadata.Pairs("x-initial", "first", "x-initial", "second", "x-initial-bin", "\x00\xff"))
	grpc.SetTrailer(ctx, metadata.Pairs("x-trailing", "last", "x-trailing-bin", "\xab\xab\xab"))
	md, _ := metadata.FromIncomingContext(ctx)
	return []byte(joined(md, string(request))), nil
}

// The values of a key with commas between, in hex if they are binary.
func joined(md metadata.MD, key string) string {
	var values []string
	for _, value := range md.Get(key) {
		if strings.HasSuffix(key, "-bin") {
			value = hex.EncodeToString([]byte(value))
		}
		values = append(values, value)
	}
	return strings.Join(values, ",")
}

func remaining(ctx context.Context, _ []byte) ([]byte, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return []byte("none"), nil
	}
	left := time.Until(deadline)
	if 0 < left && left <= 31*time.Second {
		return []byte("some"), nil
	}
	return []byte(left.String()), nil
}

func fail(ctx context.Context, request []byte) ([]byte, error) {
	parts := strings.SplitN(string(request), " ", 2)
	code, err := strconv.Atoi(parts[0])
	if err != nil {
		return nil, err
	}
	grpc.SetTrailer(ctx, metadata.Pairs("x-trailing", "last"))
	failure, err := status.New(codes.Code(code), parts[1]).WithDetails(
		&errdetails.ErrorInfo{Reason: "TESTED", Domain: "martlet.testing"})
	if err != nil {
		return nil, err
	}
	return nil, failure.Err()
}

func wait(ctx context.Context, request []byte) ([]byte, error) {
	grpc.SendHeader(ctx, metadata.Pairs("x-begun", "yes"))
	<-ctx.Done()
	lock.Lock()
	defer lock.Unlock()
	ended[string(request)]++
	return nil, status.FromContextError(ctx.Err()).Err()
}

func cancelled(_ context.Context, request []byte) ([]byte, error) {
	lock.Lock()
	defer lock.Unlock()
	return []byte(fmt.Sprint(ended[string(request)])), nil
}

func list(_ interface{}, stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	var count, size int
	if _, err := fmt.Sscan(string(request), &count, &size); err != nil {
		return err
	}
	message := bytes.Repeat([]byte("x"), size)
	for i := 0; i < count; i++ {
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
	}
	return nil
}

func collect(_ interface{}, stream grpc.ServerStream) error {
	var pause time.Duration
	md, _ := metadata.FromIncomingContext(stream.Context())
	if values := md.Get("x-pause-ms"); len(values) > 0 {
		milliseconds, err := strconv.Atoi(values[0])
		if err != nil {
			return err
		}
		pause = time.Duration(milliseconds) * time.Millisecond
	}
	count, size := 0, 0
	for {
		var request []byte
		if err := stream.RecvMsg(&request); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		count++
		size += len(request)
		if string(request) == "stop" {
			break
		}
		if count%160 == 0 {
			time.Sleep(pause)
		}
	}
	answer := []byte(fmt.Sprint(count, " ", size))
	return stream.SendMsg(&answer)
}

func chat(_ interface{}, stream grpc.ServerStream) error {
	for {
		var request []byte
		if err := stream.RecvMsg(&request); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if string(request) == "fail" {
			return status.Error(codes.Aborted, "as asked")
		}
		if err := stream.SendMsg(&request); err != nil {
			return err
		}
	}
}
