import MartletCore
import MartletWire
import NIOCore
import Testing

/// What the machines write on streams when they are told to, and what they keep back.
struct StreamCommandTests {
    /// A server with open requests on the streams 1, 3, …, whose client gives this much credit.
    private func server(requests: Int, streamWindow: Int = 65_536, connectionWindow: Int = 65_536) -> ServerWire {
        var machine = ServerWire(implementation: NativeImplementation(name: "us", version: "1"))
        let windows = [0x30] + varint(UInt64(streamWindow)) + [0x38] + varint(UInt64(connectionWindow))
        var input = ByteBuffer(bytes: frame(0x10, stream: 0, bytes("08 01 18 ff ff ff ff 07") + windows))
        for request in 0..<UInt32(requests) { input.writeBytes(frame(0x01, stream: 2 * request + 1, "")) }
        var output = ByteBuffer()
        while machine.next(&input, output: &output) != nil {}
        return machine
    }

    private func grant(_ bytes: Int, stream: UInt32, to machine: inout ServerWire) {
        _ = feed(frame(0x13, stream: stream, [0x08] + varint(UInt64(bytes))), .whole, to: &machine)
    }

    /// For what `#expect` can't take apart, since a machine can't be copied.
    private func check(_ isTrue: Bool, at location: SourceLocation = #_sourceLocation) {
        #expect(isTrue, sourceLocation: location)
    }

    private func isQueued(_ outcome: SendOutcome) -> Bool { if case .queued = outcome { true } else { false } }

    /// Types, streams, flags and sizes of frames.
    private func shapes(_ output: inout ByteBuffer) -> [String] {
        defer { output.clear() }
        var shapes: [String] = []
        while let length = output.readInteger(as: UInt32.self), let stream = output.readInteger(as: UInt32.self),
            let type = output.readInteger(as: UInt8.self), let flags = output.readInteger(as: UInt8.self)
        {
            output.moveReaderIndex(forwardBy: Int(length))
            shapes.append("\(type == 3 ? "Data" : "type \(type)") \(stream) flags \(flags) \(length)")
        }
        return shapes
    }

    @Test func aMessageIsWrittenInPlace() {
        var machine = server(requests: 1)
        var output = ByteBuffer()
        check(machine.sendInitialMetadata(stream: 1, ["k": "v"], into: &output) == nil)
        _ = machine.sendMessage(stream: 1, size: 4, isCompressed: true, into: &output) {
            Array("pong".utf8).copy(to: $0)
        }
        machine.finish(stream: 1, trailers: ["k": "v"], into: &output)
        #expect(
            Array(output.readableBytesView)
                == bytes(
                    """
                    00 00 00 08  00 00 00 01  11 00  0a 06 0a 01 'k' 12 01 'v'
                    00 00 00 04  00 00 00 01  03 10  'pong'
                    00 00 00 09  00 00 00 01  02 00  a2 06 06 0a 01 'k' 12 01 'v'
                    """))
        check(machine.openStreams == 0)
    }

    @Test func aLargeMessageLeavesInPartsAsCreditComes() {
        var machine = server(requests: 1)
        var output = ByteBuffer()
        let error = machine.respond(stream: 1, payloadSize: 100_000, trailers: [:], into: &output) {
            [UInt8](repeating: 7, count: 100_000).copy(to: $0)
        }
        #expect(error == nil && output.readableBytes == 0)
        check(machine.canPump && machine.queuedBytes == 100_000 && machine.readyBytes == 100_000)
        machine.pump(into: &output, room: 1 << 20)
        #expect(shapes(&output) == Array(repeating: "Data 1 flags 8 16384", count: 4))
        check(!machine.canPump && machine.hasQueued)
        // Credit for the connection alone doesn't help, nor less than all of the last part costs.
        grant(1 << 20, stream: 0, to: &machine)
        check(!machine.canPump && machine.readyBytes == 0)
        grant(100_000 - 65_536, stream: 1, to: &machine)
        machine.pump(into: &output, room: 1 << 20)
        #expect(shapes(&output) == ["Data 1 flags 8 16384", "Data 1 flags 8 16384", "Data 1 flags 8 1696"])
        grant(32, stream: 1, to: &machine)
        check(machine.openStreams == 1)
        machine.pump(into: &output, room: 1 << 20)
        #expect(shapes(&output) == ["Data 1 flags 0 0", "type 2 1 flags 0 0"])
        check(machine.openStreams == 0 && !machine.hasQueued && machine.takeSent().isEmpty)
    }

    @Test func aSmallResponseOvertakesALargeOne() {
        var machine = server(requests: 3, streamWindow: 1 << 30, connectionWindow: 1 << 30)
        var output = ByteBuffer()
        machine.respond(stream: 1, payloadSize: 100_000_000, trailers: [:], into: &output) { _ in }
        machine.pump(into: &output, room: 40_000)
        machine.respond(stream: 3, payloadSize: 5, trailers: [:], into: &output) { [1, 2, 3, 4, 5].copy(to: $0) }
        #expect(shapes(&output) == Array(repeating: "Data 1 flags 8 16384", count: 3) + ["type 2 3 flags 0 7"])
        // A second large one takes turns.
        machine.respond(stream: 5, payloadSize: 40_000, trailers: [:], into: &output) { _ in }
        machine.pump(into: &output, room: 90_000)
        #expect(
            shapes(&output) == [
                "Data 1 flags 8 16384", "Data 5 flags 8 16384", "Data 1 flags 8 16384", "Data 5 flags 8 16384",
                "Data 1 flags 8 16384", "Data 5 flags 0 7232", "type 2 5 flags 0 0", "Data 1 flags 8 16384",
            ])
    }

    @Test func aStreamWithoutCreditStopsNobodyElse() {
        var machine = server(requests: 2, connectionWindow: 1 << 30)
        var output = ByteBuffer()
        check(isQueued(machine.sendMessage(stream: 1, size: 70_000, isCompressed: false, into: &output) { _ in }))
        machine.pump(into: &output, room: 1 << 20)
        check(shapes(&output).count == 4 && !machine.canPump)
        for _ in 0..<3 {
            check(!isQueued(machine.sendMessage(stream: 3, size: 100, isCompressed: false, into: &output) { _ in }))
        }
        #expect(shapes(&output) == Array(repeating: "Data 3 flags 0 100", count: 3))
        grant(70_000, stream: 1, to: &machine)
        machine.pump(into: &output, room: 1 << 20)
        #expect(shapes(&output) == ["Data 1 flags 0 4464"])
        check(machine.takeSent() == [1])
        check(machine.takeSent() == [])
    }

    @Test func whatIsQueuedIsDroppedWithItsStream() {
        var machine = server(requests: 3)
        var output = ByteBuffer()
        for stream in [1, 3, 5] as [UInt32] {
            machine.respond(stream: stream, payloadSize: 100_000, trailers: [:], into: &output) { _ in }
        }
        check(machine.openStreams == 3)
        let outcome = feed(frame(0x12, stream: 3, "08 04"), .whole, to: &machine)
        #expect(
            outcome
                == Outcome(
                    events: ["cancel 3 DEADLINE_EXCEEDED"],
                    replies: [#"Response 3 {1: {1: 4, 2: "the client no longer waits for the call"}}"#]))
        check(machine.openStreams == 2 && machine.queuedBytes == 200_000)
        // The connection fails.
        _ = feed(hello, .whole, to: &machine)
        check(machine.openStreams == 0 && !machine.hasQueued && !machine.canPump)
    }

    @Test func creditIsGivenBackAsTheApplicationTakesMessages() {
        var machine = ServerWire(
            limits: WireLimits(streamWindow: 65_536), implementation: NativeImplementation(name: "us", version: "1"))
        _ = feed(hello + ServerStreamTests.open, .whole, to: &machine)
        var output = ByteBuffer()
        let message = frame(0x03, stream: 1, [UInt8](repeating: 1, count: 20_000))
        #expect(feed(message + message + message, .whole, to: &machine).replies.isEmpty)
        machine.consumed(stream: 1, bytes: 20_000, into: &output)
        #expect(output.readableBytes == 0)
        machine.consumed(stream: 1, bytes: 20_000, into: &output)
        #expect(render(frames: output) == ["Window 1 {1: 40064}"])
        output.clear()
        // None for a stream that gets no more.
        _ = feed(frame(0x03, stream: 1, flags: 0x05, []), .whole, to: &machine)
        machine.consumed(stream: 1, bytes: 20_000, into: &output)
        #expect(output.readableBytes == 0)
    }

    @Test func aMessageLargerThanTheWindowArrives() {
        var machine = ServerWire(
            limits: WireLimits(streamWindow: 65_536), implementation: NativeImplementation(name: "us", version: "1"))
        _ = feed(hello + ServerStreamTests.open, .whole, to: &machine)
        let part = frame(0x03, stream: 1, flags: 0x08, [UInt8](repeating: 1, count: 20_000))
        #expect(feed(part + part, .whole, to: &machine).replies == ["Window 1 {1: 40000}"])
        #expect(feed(part + part, .whole, to: &machine).replies == ["Window 1 {1: 40000}"])
        let events = feed(frame(0x03, stream: 1, [1]), .whole, to: &machine).events
        #expect(events.count == 1 && events[0].count == "message 1 ".count + 80_001)
        // All but the last byte and the message's own cost has been given back.
        var output = ByteBuffer()
        _ = feed(frame(0x03, stream: 1, [UInt8](repeating: 1, count: 32_703)), .whole, to: &machine)
        machine.consumed(stream: 1, bytes: 80_001, into: &output)
        #expect(output.readableBytes == 0)
        machine.consumed(stream: 1, bytes: 32_703, into: &output)
        #expect(render(frames: output) == ["Window 1 {1: 32768}"])
    }

    @Test func aClientsStreamOfRequests() {
        var machine = ClientWire(implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        _ = feed(hello, .whole, to: &machine)
        output.clear()
        _ = machine.request(
            service: "svc", method: "Put", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
            metadata: [:],
            into: &output, write: { _ in })
        _ = machine.sendMessage(stream: 1, size: 3, isCompressed: false, into: &output) {
            Array("one".utf8).copy(to: $0)
        }
        machine.halfClose(stream: 1, into: &output)
        machine.halfClose(stream: 1, into: &output)
        guard
            case .closed = machine.sendMessage(stream: 1, size: 3, isCompressed: false, into: &output, write: { _ in })
        else {
            Issue.record("sent after the half-close")
            return
        }
        check(machine.ping(7, into: &output))
        #expect(
            render(frames: output) == [
                #"Request 1 flags 2 {1: "svc", 2: "Put"}"#, "Data 1 6f6e65", "Data 1 flags 5 ", "Ping 0 {1: 7}",
            ])
        output.clear()
        // A large unary request takes the same way; its half-close goes with the last part.
        let large = machine.send("Get", payload: [UInt8](repeating: 1, count: 20_000), into: &output)
        guard case .sent(3, true) = large else {
            Issue.record("\(large)")
            return
        }
        machine.pump(into: &output, room: 100_000)
        #expect(shapes(&output) == ["type 1 3 flags 2 10", "Data 3 flags 8 16384", "Data 3 flags 1 3616"])
        check(machine.takeSent() == [3] && !machine.hasQueued)
    }

    @Test func aLimitThatIsntKnownYetRejectsNothing() {
        var machine = ClientWire(implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        _ = machine.request(
            service: "svc", method: "Put", form: .open(streamsResponses: true), payloadSize: 0, timeoutNanoseconds: nil,
            metadata: [:],
            into: &output, write: { _ in })
        let size = (4 << 20) + 1
        check(isQueued(machine.sendMessage(stream: 1, size: size, isCompressed: false, into: &output) { _ in }))
    }

    @Test func theHelloRaisesTheCreditOfOpenStreams() {
        var machine = ClientWire(implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        _ = machine.send("Get", payload: [UInt8](repeating: 1, count: 100_000), into: &output)
        machine.pump(into: &output, room: 1 << 20)
        check(machine.queuedBytes == 100_000 - 65_536 && !machine.canPump)
        // Credit of 131072 for streams and of 131072 for the connection, and frames of 65536 bytes.
        _ = feed(frame(0x10, stream: 0, "08 01 10 80 80 04 30 80 80 08 38 80 80 08"), .whole, to: &machine)
        output.clear()
        check(machine.canPump)
        machine.pump(into: &output, room: 1 << 20)
        #expect(shapes(&output) == ["Data 1 flags 1 34464"])
    }
}
