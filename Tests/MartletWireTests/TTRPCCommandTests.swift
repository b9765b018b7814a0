import MartletCore
import MartletWire
import NIOCore
import Testing

/// What both sides of plain ttrpc write, byte for byte.
struct TTRPCCommandTests {
    private let implementation = NativeImplementation(name: "us", version: "1")

    /// A client's wire that has started.
    private func client() -> ClientWire {
        var wire = ClientWire(.ttrpc, implementation: implementation)
        var output = ByteBuffer()
        wire.start(into: &output)
        #expect(output.readableBytes == 0)
        return wire
    }

    private func put(_ text: String) -> (UnsafeMutableRawPointer) -> Void {
        { target in
            for (offset, byte) in text.utf8.enumerated() {
                target.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
        }
    }

    /// A server's wire with open streams: 1 unary, 3 that gets responses, 5 that sends requests too.
    private func server() -> ServerWire {
        var wire = ServerWire(implementation: implementation)
        var output = ByteBuffer()
        let names = TTRPCServerInputTests.names
        var input = ByteBuffer(
            bytes: frame(0x01, stream: 1, names) + frame(0x01, stream: 3, flags: 0x01, names)
                + frame(0x01, stream: 5, flags: 0x02, names))
        while wire.next(&input, output: &output) != nil {}
        #expect(output.readableBytes == 0 && wire.openStreams == 3)
        return wire
    }

    // MARK: The client

    @Test func requestsOfAllForms() {
        var wire = client()
        var output = ByteBuffer()
        for form in [
            RequestForm.only(streamsResponses: false), .only(streamsResponses: true), .open(streamsResponses: true),
        ] {
            let isOpen = form == .open(streamsResponses: true)
            let payload = isOpen ? "" : "ping"
            let outcome = wire.request(
                service: "svc", method: "Get", form: form, payloadSize: payload.utf8.count,
                timeoutNanoseconds: isOpen ? 1000 : nil, metadata: isOpen ? ["k": "v"] : [:],
                into: &output, write: put(payload))
            guard case .sent(_, isQueued: false) = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
        let names = "0a 03 'svc'  12 03 'Get'"
        #expect(
            Array(output.readableBytesView)
                == frame(0x01, stream: 1, "\(names) 1a 04 'ping'")
                + frame(0x01, stream: 3, flags: 0x01, "\(names) 1a 04 'ping'")
                + frame(0x01, stream: 5, flags: 0x02, "\(names) 20 e8 07 2a 06 0a 01 'k' 12 01 'v'"))
        #expect(wire.openStreams == 3)
    }

    @Test func messagesAndTheHalfClose() {
        var wire = client()
        var output = ByteBuffer()
        _ = wire.request(
            service: "", method: "", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
            metadata: [:],
            into: &output, write: put(""))
        output.clear()
        for text in ["a", ""] {
            let outcome = wire.sendMessage(
                stream: 1, size: text.utf8.count, isCompressed: false, into: &output, write: put(text))
            guard case .sent = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
        wire.halfClose(stream: 1, into: &output)
        wire.halfClose(stream: 1, into: &output)
        #expect(
            Array(output.readableBytesView)
                == frame(0x03, stream: 1, "'a'") + frame(0x03, stream: 1, "") + frame(0x03, stream: 1, flags: 0x05, ""))
        guard case .closed = wire.sendMessage(stream: 1, size: 0, isCompressed: false, into: &output, write: put(""))
        else {
            Issue.record("a message was sent after the half-close")
            return
        }
    }

    @Test func whatTtrpcCannotSayIsNotWritten() {
        var wire = client()
        var output = ByteBuffer()
        _ = wire.request(
            service: "", method: "", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
            metadata: [:],
            into: &output, write: put(""))
        output.clear()
        #expect(!wire.ping(1, into: &output))
        wire.consumed(stream: 1, bytes: 1 << 20, into: &output)
        wire.cancel(stream: 1, code: .cancelled, into: &output)
        wire.goAway(code: .ok, text: "bye", into: &output)
        #expect(output.readableBytes == 0 && wire.openStreams == 0)
        guard
            case .exhausted = wire.request(
                service: "", method: "", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
                metadata: [:],
                into: &output, write: put(""))
        else {
            Issue.record("a request was sent after the go-away")
            return
        }
    }

    @Test func messagesWaitForRoomInTheirOrder() {
        var wire = client()
        var output = ByteBuffer()
        for _ in 0..<2 {
            _ = wire.request(
                service: "", method: "", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
                metadata: [:],
                into: &output, write: put(""))
        }
        output.clear()
        let size = 256 << 10
        let large: (UnsafeMutableRawPointer) -> Void = {
            $0.initializeMemory(as: UInt8.self, repeating: 7, count: size)
        }
        guard case .sent = wire.sendMessage(stream: 1, size: size, isCompressed: false, into: &output, write: large),
            case .queued = wire.sendMessage(stream: 3, size: size, isCompressed: false, into: &output, write: large),
            case .queued = wire.sendMessage(stream: 1, size: 1, isCompressed: false, into: &output, write: put("a"))
        else {
            Issue.record("the output has no limit")
            return
        }
        wire.halfClose(stream: 1, into: &output)
        #expect(wire.hasQueued && wire.canPump && wire.queuedBytes == size + 10 + 11 + 10)
        #expect(output.readableBytes == size + 10)
        output.clear()
        wire.pump(into: &output, room: 1)
        #expect(output.readableBytes == size + 10 && wire.takeSent() == [3] && wire.takeSent() == [])
        output.clear()
        wire.pump(into: &output, room: 1000)
        #expect(
            Array(output.readableBytesView) == frame(0x03, stream: 1, "'a'") + frame(0x03, stream: 1, flags: 0x05, ""))
        #expect(wire.takeSent() == [1] && !wire.hasQueued)
    }

    // MARK: The server

    @Test func answersOfAllForms() {
        var wire = server()
        var output = ByteBuffer()
        let initial = wire.sendInitialMetadata(stream: 3, ["k": "v"], into: &output)
        #expect(initial == nil && output.readableBytes == 0)
        for stream in [3, 5] as [UInt32] {
            let outcome = wire.sendMessage(stream: stream, size: 1, isCompressed: false, into: &output, write: put("a"))
            guard case .sent = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
        wire.respond(stream: 1, payloadSize: 4, trailers: ["k": "v"], into: &output, write: put("pong"))
        wire.finish(stream: 3, trailers: ["k": "v"], into: &output)
        let error = RPCError(
            .notFound, "gone", details: [ErrorDetail(typeURL: "url", bytes: [0xFF])], metadata: ["k": "v"],
            isSafeToRetry: true)
        wire.fail(stream: 5, error, into: &output)
        #expect(
            Array(output.readableBytesView)
                == frame(0x03, stream: 3, "'a'") + frame(0x03, stream: 5, "'a'")
                + frame(0x02, stream: 1, "12 04 'pong'")
                + frame(0x03, stream: 3, flags: 0x05, "")
                + frame(0x02, stream: 5, "0a 12  08 05  12 04 'gone'  1a 08 0a 03 'url' 12 01 ff"))
        #expect(wire.openStreams == 0)
    }

    @Test func aUnaryCallGetsNoMessages() {
        var wire = server()
        var output = ByteBuffer()
        guard
            case .rejected(let error) = wire.sendMessage(
                stream: 1, size: 1, isCompressed: false, into: &output, write: put("a"))
        else {
            Issue.record("a message was sent")
            return
        }
        #expect(error.code == .invalidArgument && output.readableBytes == 0)
        wire.finish(stream: 1, trailers: [:], into: &output)
        #expect(Array(output.readableBytesView) == frame(0x02, stream: 1, ""))
    }

    @Test func whatIsOverTheLimitIsNotSent() {
        var wire = server()
        var output = ByteBuffer()
        let problem = "takes a frame of 4194305 bytes, over ttrpc's limit of 4194304"
        guard
            case .rejected(let error) = wire.sendMessage(
                stream: 3, size: 4 << 20 + 1, isCompressed: false, into: &output, write: put(""))
        else {
            Issue.record("a message was sent")
            return
        }
        #expect(error.message == "the message \(problem)" && output.readableBytes == 0)
        // With a header of five bytes.
        let replaced = wire.respond(
            stream: 1, payloadSize: 4 << 20 - 4, trailers: [:], into: &output, write: put(""))
        #expect(replaced?.message == "the response \(problem)")
        #expect(render(frames: output) == ["Response 1 {1: {1: 8, 2: \"the response \(problem)\"}}"])
    }

    @Test func theEndFollowsWhatWaits() {
        var wire = server()
        var output = ByteBuffer()
        output.writeRepeatingByte(0, count: 256 << 10)
        guard case .queued = wire.sendMessage(stream: 3, size: 1, isCompressed: false, into: &output, write: put("a")),
            case .queued = wire.sendMessage(stream: 5, size: 1, isCompressed: false, into: &output, write: put("b"))
        else {
            Issue.record("the output has no limit")
            return
        }
        wire.finish(stream: 3, trailers: [:], into: &output)
        #expect(wire.openStreams == 3)
        output.clear()
        // Drops what waits for its stream.
        wire.fail(stream: 5, RPCError(.internalError, "x"), into: &output)
        #expect(Array(output.readableBytesView) == frame(0x02, stream: 5, "0a 05 08 0d 12 01 'x'"))
        output.clear()
        wire.pump(into: &output, room: .max)
        #expect(
            Array(output.readableBytesView) == frame(0x03, stream: 3, "'a'") + frame(0x03, stream: 3, flags: 0x05, ""))
        // Stream 3 has ended: its writer isn't waited for.
        #expect(wire.takeSent() == [] && wire.openStreams == 1 && !wire.hasQueued)
    }

    @Test func drainingRefusesWhatComesLater() {
        var wire = server()
        var output = ByteBuffer()
        wire.goAway(code: .ok, text: "restart", into: &output)
        #expect(output.readableBytes == 0)
        var input = ByteBuffer(
            bytes: frame(0x01, stream: 7, TTRPCServerInputTests.ping) + frame(0x03, stream: 5, "'a'"))
        var events: [String] = []
        while let event = wire.next(&input, output: &output) { events.append(describe(event)) }
        let problem = "the server is shutting down: retry on another connection"
        #expect(events == ["refused 7 UNAVAILABLE (14): \(problem)", "message 5 a"])
        #expect(render(frames: output) == ["Response 7 {1: {1: 14, 2: \"\(problem)\"}}"])
    }

    // MARK: Hostile input

    /// Seeded random damage: neither side may trap, lose count or write what isn't ttrpc.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func damagedInput(seed: UInt64) {
        var random = SplitMix(state: seed)
        let ping = TTRPCServerInputTests.ping
        let toServer =
            frame(0x01, stream: 1, ping) + frame(0x01, stream: 3, flags: 0x02, ping) + frame(0x03, stream: 3, "'a'")
            + frame(0x01, stream: 5, flags: 0x01, ping) + frame(0x03, stream: 3, flags: 0x05, "")
        let toClient =
            frame(0x02, stream: 1, "12 01 'a'") + frame(0x03, stream: 3, "'a'")
            + frame(0x03, stream: 5, flags: 0x01, "'a'")
            + frame(0x02, stream: 3, "0a 02 08 05")
        for _ in 0..<1000 {
            var server = ServerWire(limits: WireLimits(maxMetadataBytes: 100), implementation: implementation)
            var output = ByteBuffer()
            var buffer = ByteBuffer()
            var open: Set<UInt32> = []
            // The first frame stays whole, so that it is ttrpc.
            let rest = Array(toServer.dropFirst(26)).damaged(&random).parts(&random)
            for part in [toServer.prefix(26)] + rest {
                buffer.writeBytes(part)
                while let event = server.next(&buffer, output: &output) {
                    if case .request(let request) = event { open.insert(request.stream) }
                }
            }
            #expect(server.openStreams == open.count && server.peer == nil)
            for stream in open { server.fail(stream: stream, RPCError(.internalError, ""), into: &output) }
            #expect(server.openStreams == 0)
            #expect(render(frames: output).allSatisfy { $0.hasPrefix("Response ") && !$0.hasSuffix("malformed") })

            var client = TTRPCClientInputTests.client()
            var ended: Set<UInt32> = []
            buffer.clear()
            for part in toClient.damaged(&random).parts(&random) {
                buffer.writeBytes(part)
                while let event = client.next(&buffer, output: &output) {
                    switch event {
                    case .response(let response): #expect(ended.insert(response.stream).inserted)
                    case .failedStream(let stream, _): #expect(ended.insert(stream).inserted)
                    default: break
                    }
                }
            }
            #expect(client.openStreams == 3 - ended.count)
        }
    }
}
