package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

type client struct{ connection *grpc.ClientConn }

// What was seen of one fact.
type seen map[string]interface{}

func call(arguments []string) error {
	security := grpc.WithInsecure()
	if arguments[0] == "--ca" {
		authorities, err := credentials.NewClientTLSFromFile(arguments[1], "")
		if err != nil {
			return err
		}
		security, arguments = grpc.WithTransportCredentials(authorities), arguments[2:]
	}
	connection, err := grpc.Dial(arguments[0], security)
	if err != nil {
		return err
	}
	defer connection.Close()
	facts := client{connection}.facts()
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for _, name := range arguments[1:] {
		fact, ok := facts[name]
		if !ok {
			return fmt.Errorf("there is no fact %s", name)
		}
		line, err := fact()
		if err != nil {
			return fmt.Errorf("%s: %v", name, err)
		}
		line["fact"] = name
		if err := output.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func (c client) facts() map[string]func() (seen, error) {
	return map[string]func() (seen, error){
		"echo":               c.echo,
		"empty":              func() (seen, error) { return c.size("Echo", nil) },
		"large":              func() (seen, error) { return c.size("Echo", make([]byte, 4_000_000)) },
		"too-large-request":  func() (seen, error) { return c.code("Echo", make([]byte, 5_000_000)) },
		"too-large-response": func() (seen, error) { return c.code("Make", []byte("5000000")) },
		"metadata":           c.metadata,
		"remaining":          c.remaining,
		"fail":               c.fail,
		"deadline":           c.deadline,
		"cancel":             c.cancel,
		"missing":            c.missing,
		"list":               func() (seen, error) { return c.list("100 10", 0) },
		"collect":            func() (seen, error) { return c.collect(context.Background(), 100, 10) },
		"chat":               c.chat,
		"early":              c.early,
		"chat-fail":          c.chatFail,
		"gzip":               c.gzip,
		"download":           func() (seen, error) { return c.list("1600 65536", 50*time.Millisecond) },
		"upload":             c.upload,
		"concurrent":         c.concurrent,
	}
}

func (c client) unary(
	ctx context.Context, method string, request []byte, options ...grpc.CallOption,
) ([]byte, error) {
	if !strings.HasPrefix(method, "/") {
		method = "/" + service + "/" + method
	}
	var response []byte
	err := c.connection.Invoke(ctx, method, &request, &response, options...)
	return response, err
}

func (c client) echo() (seen, error) {
	answer, err := c.unary(context.Background(), "Echo", []byte("hello"))
	return seen{"text": string(answer)}, err
}

func (c client) size(method string, request []byte) (seen, error) {
	answer, err := c.unary(context.Background(), method, request)
	return seen{"bytes": len(answer)}, err
}

// The code's name as the specification has it.
func codeOf(err error) string {
	names := []string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
		"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
	}
	return names[status.Code(err)]
}

func (c client) code(method string, request []byte) (seen, error) {
	_, err := c.unary(context.Background(), method, request)
	return seen{"code": codeOf(err)}, nil
}

func (c client) metadata() (seen, error) {
	ctx := metadata.AppendToOutgoingContext(
		context.Background(), "x-key", "one", "x-key-bin", "\x00\xff", "x-key", "two", "x-key-bin", "a")
	var initial, trailing metadata.MD
	text, err := c.unary(ctx, "Metadata", []byte("x-key"), grpc.Header(&initial), grpc.Trailer(&trailing))
	if err != nil {
		return nil, err
	}
	binary, err := c.unary(ctx, "Metadata", []byte("x-key-bin"))
	return seen{
		"binary":         string(binary),
		"initial":        joined(initial, "x-initial"),
		"initialBinary":  joined(initial, "x-initial-bin"),
		"text":           string(text),
		"trailing":       joined(trailing, "x-trailing"),
		"trailingBinary": joined(trailing, "x-trailing-bin"),
	}, err
}

func (c client) remaining() (seen, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	with, err := c.unary(ctx, "Remaining", nil)
	if err != nil {
		return nil, err
	}
	without, err := c.unary(context.Background(), "Remaining", nil)
	return seen{"with": string(with), "without": string(without)}, err
}

func (c client) fail() (seen, error) {
	var trailing metadata.MD
	_, err := c.unary(
		context.Background(), "Fail", []byte("5 no such poem: ✓\n100 %"), grpc.Trailer(&trailing))
	failure := status.Convert(err)
	line := seen{
		"code": codeOf(err), "message": failure.Message(), "trailing": joined(trailing, "x-trailing"),
	}
	for _, detail := range failure.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			line["domain"], line["reason"] = info.Domain, info.Reason
		}
	}
	return line, nil
}

func (c client) deadline() (seen, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := c.unary(ctx, "Wait", []byte("deadline"))
	return seen{"code": codeOf(err)}, nil
}

func (c client) cancel() (seen, error) {
	before, err := c.cancelled()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	call, err := c.stream(ctx, "Wait", grpc.StreamDesc{})
	if err != nil {
		return nil, err
	}
	request, response := []byte("cancel"), []byte(nil)
	if err := call.SendMsg(&request); err != nil {
		return nil, err
	}
	if err := call.CloseSend(); err != nil {
		return nil, err
	}
	if _, err := call.Header(); err != nil {
		return nil, err
	}
	cancel()
	failure := call.RecvMsg(&response)
	after := before
	for until := time.Now().Add(10 * time.Second); after == before && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
		if after, err = c.cancelled(); err != nil {
			return nil, err
		}
	}
	return seen{"code": codeOf(failure), "seen": after - before}, nil
}

func (c client) cancelled() (int, error) {
	answer, err := c.unary(context.Background(), "Cancelled", []byte("cancel"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(answer))
}

func (c client) missing() (seen, error) {
	_, method := c.unary(context.Background(), "Missing", nil)
	_, service := c.unary(context.Background(), "/martlet.testing.Missing/Echo", nil)
	return seen{"method": codeOf(method), "service": codeOf(service)}, nil
}

func (c client) stream(
	ctx context.Context, method string, description grpc.StreamDesc, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	return c.connection.NewStream(ctx, &description, "/"+service+"/"+method, options...)
}

func (c client) list(text string, pause time.Duration) (seen, error) {
	stream, err := c.stream(context.Background(), "List", grpc.StreamDesc{ServerStreams: true})
	if err != nil {
		return nil, err
	}
	request := []byte(text)
	if err := stream.SendMsg(&request); err != nil {
		return nil, err
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	count, size := 0, 0
	for {
		var message []byte
		if err := stream.RecvMsg(&message); err == io.EOF {
			return seen{"bytes": size, "count": count}, nil
		} else if err != nil {
			return nil, err
		}
		count++
		size += len(message)
		if count%160 == 0 {
			time.Sleep(pause)
		}
	}
}

func (c client) collect(ctx context.Context, count, size int) (seen, error) {
	stream, err := c.stream(ctx, "Collect", grpc.StreamDesc{ClientStreams: true})
	if err != nil {
		return nil, err
	}
	message := bytes.Repeat([]byte("x"), size)
	for i := 0; i < count; i++ {
		if err := stream.SendMsg(&message); err != nil {
			return nil, err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	var answer []byte
	err = stream.RecvMsg(&answer)
	return seen{"answer": string(answer)}, err
}

func (c client) upload() (seen, error) {
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-pause-ms", "50")
	return c.collect(ctx, 1600, 65536)
}

func (c client) chat() (seen, error) {
	stream, err := c.stream(
		context.Background(), "Chat", grpc.StreamDesc{ClientStreams: true, ServerStreams: true})
	if err != nil {
		return nil, err
	}
	count := 0
	for number := 0; number < 100; number++ {
		request := []byte(fmt.Sprintf("%010d", number))
		if err := stream.SendMsg(&request); err != nil {
			return nil, err
		}
		var response []byte
		if err := stream.RecvMsg(&response); err != nil {
			return nil, err
		}
		if bytes.Equal(request, response) {
			count++
		}
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	rest := 0
	for {
		var response []byte
		if err := stream.RecvMsg(&response); err == io.EOF {
			return seen{"count": count, "rest": rest}, nil
		} else if err != nil {
			return nil, err
		}
		rest++
	}
}

func (c client) early() (seen, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stream, err := c.stream(ctx, "Collect", grpc.StreamDesc{ClientStreams: true})
	if err != nil {
		return nil, err
	}
	stop := []byte("stop")
	if err := stream.SendMsg(&stop); err != nil {
		return nil, err
	}
	var answer []byte
	err = stream.RecvMsg(&answer)
	return seen{"answer": string(answer)}, err
}

func (c client) chatFail() (seen, error) {
	stream, err := c.stream(
		context.Background(), "Chat", grpc.StreamDesc{ClientStreams: true, ServerStreams: true})
	if err != nil {
		return nil, err
	}
	for _, text := range []string{"hello", "fail"} {
		request := []byte(text)
		if err := stream.SendMsg(&request); err != nil {
			return nil, err
		}
	}
	got := []string{}
	for {
		var response []byte
		if err := stream.RecvMsg(&response); err != nil {
			return seen{"code": codeOf(err), "got": got, "message": status.Convert(err).Message()}, nil
		}
		got = append(got, string(response))
	}
}

func (c client) gzip() (seen, error) {
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-compress", "gzip")
	answer, err := c.unary(ctx, "Compressed", make([]byte, 100_000), grpc.UseCompressor(gzip.Name))
	return seen{"bytes": len(answer)}, err
}

func (c client) concurrent() (seen, error) {
	var answered int32
	var calls sync.WaitGroup
	for number := 0; number < 2000; number++ {
		calls.Add(1)
		go func(text []byte) {
			defer calls.Done()
			answer, err := c.unary(context.Background(), "Echo", text)
			if err == nil && bytes.Equal(answer, text) {
				atomic.AddInt32(&answered, 1)
			}
		}([]byte(fmt.Sprint("call ", number)))
	}
	calls.Wait()
	return seen{"answered": answered}, nil
}
