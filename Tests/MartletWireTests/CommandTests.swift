import MartletCore
import MartletWire
import NIOCore
import Testing

/// What the machines write when they are told to.
struct CommandTests {
    /// A server with an open connection to a client of these limits, and requests on the streams 1, 3, … open.
    private func server(requests: Int, client: String = "08 01", streams: Int = 10) -> ServerWire {
        var machine = ServerWire(
            limits: WireLimits(maxConcurrentStreams: streams),
            implementation: NativeImplementation(name: "us", version: "1"))
        var input = ByteBuffer(bytes: frame(0x10, stream: 0, client))
        var output = ByteBuffer()
        for request in 0..<UInt32(requests) { input.writeBytes(frame(0x01, stream: 2 * request + 1, "")) }
        while machine.next(&input, output: &output) != nil {}
        return machine
    }

    /// A client whose connection is open to a server of these limits.
    private func client(server: [UInt8]? = hello, limits: WireLimits = WireLimits()) -> ClientWire {
        var machine = ClientWire(limits: limits, implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        if let server {
            var input = ByteBuffer(bytes: server)
            while machine.next(&input, output: &output) != nil {}
        }
        return machine
    }

    // MARK: Server

    @Test func responseIsWrittenInPlace() {
        var machine = server(requests: 2)
        var output = ByteBuffer()
        let error = machine.respond(stream: 1, payloadSize: 4, trailers: [:], into: &output) {
            Array("pong".utf8).copy(to: $0)
        }
        #expect(error == nil)
        #expect(
            Array(output.readableBytesView)
                == bytes(
                    """
                    00 00 00 06  00 00 00 01  02 00
                    12 04 'pong'
                    """))
        output.clear()
        machine.respond(stream: 3, payloadSize: 0, trailers: ["k": "v"], into: &output) { _ in Issue.record() }
        #expect(render(frames: output) == [#"Response 3 {100: {1: "k", 2: "v"}}"#])
        #expect(machine.openStreams == 0)
    }

    @Test func responseLengthsOfEverySize() throws {
        // Around each size at which a length takes a byte more.
        for size in [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152] {
            var machine = server(requests: 1, client: "08 01 10 80 80 80 02 30 80 80 80 02 38 80 80 80 02")
            var output = ByteBuffer()
            machine.respond(stream: 1, payloadSize: size, trailers: [:], into: &output) {
                [UInt8](repeating: 7, count: size).copy(to: $0)
            }
            var receiver = client(
                limits: WireLimits(maxFrameBytes: 4 << 20, streamWindow: 4 << 20, connectionWindow: 4 << 20))
            var input = ByteBuffer()
            _ = receiver.send("Get", into: &input)
            input.clear()
            let event = receiver.next(&output, output: &input)
            guard case .response(let response) = event else {
                Issue.record("\(size): \(String(describing: event.map { describe($0) }))")
                continue
            }
            #expect(try response.result.get().bytes.readableBytes == size)
            #expect(try response.result.get().bytes.readableBytesView.allSatisfy { $0 == 7 })
        }
    }

    @Test func failureCarriesItsParts() {
        var machine = server(requests: 1)
        var output = ByteBuffer()
        let error = RPCError(
            .alreadyExists, "taken",
            details: [ErrorDetail(typeURL: "type/A", bytes: [0xFF]), ErrorDetail(typeURL: "B", bytes: [])],
            metadata: ["k": "v"], isSafeToRetry: true)
        machine.fail(stream: 1, error, into: &output)
        #expect(
            render(frames: output) == [
                #"Response 1 {1: {1: 6, 2: "taken", 3: {1: "type/A", 2: ff}, 3: {1: "B", 2: ""}}, 100: {1: "k", 2: "v"}, 101: 1}"#
            ])
        #expect(machine.openStreams == 0)
    }

    @Test func responseOverTheClientsLimitsIsReplaced() {
        func replaced(size: Int = 1, trailers: Metadata = [:], client: String) -> String {
            var machine = server(requests: 1, client: client)
            var output = ByteBuffer()
            let error = machine.respond(stream: 1, payloadSize: size, trailers: trailers, into: &output) { _ in
                Issue.record("written nevertheless")
            }
            #expect(render(frames: output) == [#"Response 1 {1: {1: 8, 2: "\#(error!.message)"}}"#])
            #expect(machine.openStreams == 0)
            return error!.description
        }
        #expect(
            replaced(trailers: ["k": String(repeating: "v", count: 16_384)], client: "08 01 28 80 80 04")
                == "RESOURCE_EXHAUSTED (8): the response takes a frame of 16396 bytes, over the peer's limit of 16384")
        #expect(
            replaced(size: 101, client: "08 01 18 64")
                == "RESOURCE_EXHAUSTED (8): the response's 101 bytes are over the peer's limit of 100 for one message")
        #expect(
            replaced(trailers: ["k": "v"], client: "08 01 28 21") == """
                RESOURCE_EXHAUSTED (8): metadata of 34 bytes (keys, values and 32 per field) is over the limit of 33
                """)
    }

    @Test func failureOverTheClientsLimitsIsCut() {
        let note = " (cut; details and metadata left out: they are over the client's limits)"
        let detail = ErrorDetail(typeURL: "A", bytes: [UInt8](repeating: 0, count: 20_000))
        for (error, message) in [
            (RPCError(.notFound, "gone", details: [detail]), "gone"),
            (RPCError(.notFound, "gone", metadata: ["k": String(repeating: "v", count: 16_384)]), "gone"),
            (RPCError(.notFound, String(repeating: "x", count: 20_000)), String(repeating: "x", count: 1024)),
        ] {
            var machine = server(requests: 1)
            var output = ByteBuffer()
            machine.fail(stream: 1, error, into: &output)
            #expect(render(frames: output) == [#"Response 1 {1: {1: 5, 2: "\#(message + note)"}}"#])
        }
    }

    @Test func noMoreThan64DetailsAreSent() {
        var machine = server(requests: 1)
        var output = ByteBuffer()
        machine.fail(
            stream: 1,
            RPCError(.notFound, "", details: Array(repeating: ErrorDetail(typeURL: "", bytes: []), count: 70)),
            into: &output)
        #expect(output.readableBytes == 10 + 3 + 2 + 64 * 4)
    }

    @Test func drainingRefusesWhatComesLater() {
        var machine = server(requests: 2)
        var output = ByteBuffer()
        machine.goAway(code: .ok, text: "restart", into: &output)
        let later = feed(frame(0x01, stream: 9, "") + frame(0x12, stream: 3, "08 01"), .whole, to: &machine)
        machine.respond(stream: 1, payloadSize: 1, trailers: [:], into: &output) { [7].copy(to: $0) }
        #expect(render(frames: output) == [#"GoAway 0 {1: 3, 3: "restart"}"#, "Response 1 {2: 07}"])
        let refusal = "the server is shutting down: retry on another connection"
        #expect(
            later
                == Outcome(
                    events: ["refused 9 UNAVAILABLE (14): \(refusal) safe to retry", "cancel 3 CANCELLED"],
                    replies: [#"Response 9 {1: {1: 14, 2: "\#(refusal)"}, 101: 1}"#]))
        #expect(machine.openStreams == 1)
    }

    @Test func drainingBeforeTheHello() {
        var machine = ServerWire(implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.goAway(code: .ok, text: "restart", into: &output)
        #expect(render(frames: output) == [#"GoAway 0 {3: "restart"}"#])
        let outcome = feed(hello + frame(0x01, stream: 1, ""), .whole, to: &machine)
        #expect(outcome.events.count == 2)
        #expect(outcome.events.last?.hasPrefix("refused 1 UNAVAILABLE") == true)
    }

    @Test func answeredCallsMakeRoom() {
        var machine = server(requests: 3, streams: 3)
        var output = ByteBuffer()
        machine.respond(stream: 1, payloadSize: 0, trailers: [:], into: &output) { _ in }
        let outcome = feed(frame(0x01, stream: 7, "") + frame(0x01, stream: 9, ""), .whole, to: &machine)
        #expect(outcome.events.map { $0.prefix(9) } == ["request 7", "refused 9"])
    }

    @Test func nothingIsWrittenOnceTheConnectionHasFailed() {
        var machine = server(requests: 2)
        _ = feed(hello, .whole, to: &machine)
        var output = ByteBuffer()
        let error = machine.respond(stream: 1, payloadSize: 1 << 30, trailers: [:], into: &output) { _ in }
        machine.fail(stream: 3, RPCError(.notFound, ""), into: &output)
        machine.goAway(code: .ok, text: "", into: &output)
        #expect(error == nil)
        #expect(output.readableBytes == 0)
        #expect(machine.openStreams == 0)
    }

    @Test func requestOutlivesTheReadBuffer() {
        var machine = server(requests: 0)
        var input = ByteBuffer(bytes: frame(0x01, stream: 1, ServerInputTests.ping))
        var output = ByteBuffer()
        guard case .request(let request) = machine.next(&input, output: &output) else {
            Issue.record()
            return
        }
        input.clear()
        input.writeRepeatingByte(0xFF, count: 100)
        #expect(request.service == "svc")
        #expect(request.method == "Get")
        #expect(text(request.message!.bytes) == "ping")
    }

    // MARK: Client

    @Test func clientBeginsWithHello() {
        var machine = ClientWire(
            limits: WireLimits(maxFrameBytes: 16_384, maxConcurrentStreams: 5, maxMetadataBytes: 7),
            implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        #expect(
            render(frames: output) == [
                #"Hello 0 {1: 1, 2: 16384, 3: 4194304, 4: 5, 5: 7, 6: 262144, 7: 4194304, 10: "us", 11: "1"}"#
            ])
    }

    @Test func requestIsWrittenInPlace() {
        var machine = client()
        var output = ByteBuffer()
        _ = machine.send("Get", payload: Array("ping".utf8), timeout: 1000, metadata: ["k": "v"], into: &output)
        #expect(
            Array(output.readableBytesView)
                == bytes(
                    """
                    00 00 00 1b  00 00 00 01  01 00
                    0a 03 'svc'
                    12 03 'Get'
                    1a 04 'ping'
                    20 e8 07
                    2a 06 0a 01 'k' 12 01 'v'
                    """))
        output.clear()
        _ = machine.send("Get", timeout: -5, into: &output)
        _ = machine.send("Get", timeout: .max, into: &output)
        #expect(
            render(frames: output) == [
                #"Request 3 {1: "svc", 2: "Get", 4: 1}"#, #"Request 5 {1: "svc", 2: "Get", 4: 9223372036854775807}"#,
            ])
        #expect(machine.openStreams == 3)
    }

    @Test func cancelIsWritten() {
        var machine = client()
        var output = ByteBuffer()
        _ = machine.send("Get", into: &output)
        output.clear()
        machine.cancel(stream: 1, code: .deadlineExceeded, into: &output)
        #expect(render(frames: output) == ["Cancel 1 {1: 4}"])
        // The server still answers.
        #expect(machine.openStreams == 1)
    }

    @Test func beforeTheHelloTheInitialLimitsHold() {
        var machine = client(server: nil)
        var output = ByteBuffer()
        // What needs more than the initial limits has to wait.
        let metadata: Metadata = ["k": String(repeating: "v", count: 16_384)]
        #expect(describe(machine.send("Get", metadata: metadata, into: &output)) == "notNow")
        let large = [UInt8](repeating: 0, count: (4 << 20) + 1)
        #expect(describe(machine.send("Get", payload: large, into: &output)) == "notNow")
        #expect(output.readableBytes == 0)
        for _ in 0..<100 { #expect(describe(machine.send("Get", into: &output)).hasPrefix("sent")) }
        #expect(describe(machine.send("Get", into: &output)) == "notNow")
        _ = feed(frame(0x10, stream: 0, "08 01 10 80 80 02 18 80 80 80 04 20 80 01 28 80 80 02"), .whole, to: &machine)
        #expect(describe(machine.send("Get", metadata: metadata, into: &output)) == "sent 201")
        #expect(describe(machine.send("Get", payload: large, into: &output)) == "sent 203 queued")
    }

    @Test func requestsOverTheServersLimitsAreRejected() {
        var machine = client(server: frame(0x10, stream: 0, "08 01 18 64 20 01 28 40"))
        var output = ByteBuffer()
        #expect(
            describe(machine.send("Get", payload: [UInt8](repeating: 0, count: 101), into: &output)) == """
                rejected RESOURCE_EXHAUSTED (8): the request's 101 bytes are over the peer's limit of 100 for one message
                """)
        #expect(
            describe(machine.send("Get", metadata: ["k": String(repeating: "v", count: 32)], into: &output)) == """
                rejected RESOURCE_EXHAUSTED (8): metadata of 65 bytes (keys, values and 32 per field) is over the limit of 64
                """)
        #expect(
            describe(machine.send(String(repeating: "m", count: 16_384), into: &output)) == """
                rejected RESOURCE_EXHAUSTED (8): the request takes a frame of 16393 bytes, over the peer's limit of 16384
                """)
        #expect(output.readableBytes == 0)
        #expect(describe(machine.send("Get", into: &output)) == "sent 1")
        #expect(describe(machine.send("Get", into: &output)) == "notNow")
        _ = feed(frame(0x02, stream: 1, ""), .whole, to: &machine)
        #expect(describe(machine.send("Get", into: &output)) == "sent 3")
    }

    @Test func nothingIsSentAfterGoAwayOrFailure() {
        var output = ByteBuffer()
        var machine = client(server: hello + frame(0x15, stream: 0, ""))
        #expect(describe(machine.send("Get", into: &output)) == "exhausted")
        machine = client(server: hello + hello)
        #expect(describe(machine.send("Get", into: &output)) == "exhausted")
        #expect(output.readableBytes == 0)
    }

    private func describe(_ result: RequestOutcome) -> String {
        switch result {
        case .sent(let stream, let isQueued): "sent \(stream)\(isQueued ? " queued" : "")"
        case .notNow: "notNow"
        case .rejected(let error): "rejected \(error)"
        case .exhausted: "exhausted"
        }
    }

    private func describe(_ event: ClientWireEvent) -> String { ClientWire.render(event).joined(separator: ", ") }
}
