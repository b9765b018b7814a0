// Package measure keeps a framework's client busy and reports what came of it, as every client of the benchmark does.
package measure

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Client makes calls with one framework. Each function makes one call and fails if the answer is wrong.
type Client struct {
	Framework string
	// Opens one more connection.
	Connect func(address string) error
	// Gets a user over one of the connections.
	Unary func(connection int) error
	Echo  func(content []byte) error
	// Reads a stream of that many messages; nil if the framework has no streams.
	Stream func(messages int) error
}

type load struct {
	kind                                   string
	connections, inFlight, messages, bytes int
}

// Run reads the program's arguments, warms up for a second, measures, and prints one line of JSON.
func Run(client Client) {
	if len(os.Args) != 5 {
		usage()
	}
	load := parse(os.Args[2])
	server := os.Args[3]
	seconds, err := strconv.ParseFloat(os.Args[4], 64)
	if err != nil {
		usage()
	}
	if load.kind == "stream" && client.Stream == nil {
		fail(fmt.Errorf("%s has no streams", client.Framework))
	}
	for i := 0; i < load.connections; i++ {
		if err := client.Connect("127.0.0.1:" + os.Args[1]); err != nil {
			fail(err)
		}
	}
	load.keepCalling(client, time.Second)
	start, ownBefore, serverBefore := time.Now(), ownCPU(), processCPU(server)
	done := load.keepCalling(client, time.Duration(seconds*float64(time.Second)))
	elapsed := time.Since(start).Seconds()
	operations := float64(done.operations)
	report(map[string]interface{}{
		"framework":        client.Framework,
		"scenario":         os.Args[2],
		"ops":              done.operations,
		"rate":             operations / elapsed,
		"mib_s":            operations * float64(load.bytes) / elapsed / (1 << 20),
		"p50_us":           done.percentile(.5),
		"p99_us":           done.percentile(.99),
		"p999_us":          done.percentile(.999),
		"cli_cpu_per_100k": (ownCPU() - ownBefore) * 1e5 / operations,
		"srv_cpu_per_100k": (processCPU(server) - serverBefore) * 1e5 / operations,
		"srv_hwm_kb":       peakMemory(server),
	})
}

// keepCalling has each of the load's callers make one call after another, until the time is over.
func (l load) keepCalling(client Client, duration time.Duration) tally {
	start := time.Now()
	tallies := make([]tally, l.inFlight)
	var callers sync.WaitGroup
	for i := range tallies {
		callers.Add(1)
		go func(caller int) {
			defer callers.Done()
			content := make([]byte, l.bytes)
			for before := time.Since(start); before < duration; {
				operations, err := l.call(client, caller, content)
				if err != nil {
					fail(err)
				}
				now := time.Since(start)
				tallies[caller].add(operations, now-before)
				before = now
			}
		}(i)
	}
	callers.Wait()
	var all tally
	all.addAll(tallies)
	return all
}

// call makes one call, of one operation or as many as it has messages.
func (l load) call(client Client, caller int, content []byte) (int, error) {
	switch l.kind {
	case "unary":
		return 1, client.Unary(caller % l.connections)
	case "echo":
		return 1, client.Echo(content)
	default:
		return l.messages, client.Stream(l.messages)
	}
}

func parse(text string) load {
	parts := strings.Split(text, ":")
	var numbers []int
	for _, part := range parts[1:] {
		number, err := strconv.Atoi(part)
		if err != nil || number < 1 {
			usage()
		}
		numbers = append(numbers, number)
	}
	switch {
	case parts[0] == "unary" && len(numbers) == 2:
		return load{kind: "unary", connections: numbers[0], inFlight: numbers[1]}
	case parts[0] == "echo" && len(numbers) == 2:
		return load{kind: "echo", connections: 1, bytes: numbers[0], inFlight: numbers[1]}
	case parts[0] == "stream" && len(numbers) == 1:
		return load{kind: "stream", connections: 1, inFlight: 1, messages: numbers[0]}
	}
	usage()
	return load{}
}

func report(figures map[string]interface{}) {
	line, err := json.Marshal(figures)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}

func usage() {
	fmt.Fprintln(os.Stderr,
		"usage: client PORT unary:CONNECTIONS:IN_FLIGHT|stream:MESSAGES|echo:BYTES:IN_FLIGHT SERVER_PID SECONDS")
	os.Exit(64)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
