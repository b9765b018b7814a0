internal import MartletCore
internal import MartletWire
internal import NIOCore

/// A server that keeps its own account of what a ``ServerWire`` tells it, and says where both differ.
struct FuzzedServer: ~Copyable {
    enum Action: CaseIterable {
        case respond, fail, finish, sendMessage, sendInitialMetadata, consume, pump, tick, ping, drain, close
    }

    private struct Call {
        let stream: UInt32
        /// Messages that came and that it hasn't taken.
        var unread: [Int] = []
        /// One that it has sent waits.
        var isBusy = false
        var hasSent = false
    }

    private static let limits = WireLimits(
        maxFrameBytes: 16 << 10, maxMessageBytes: 1000, maxConcurrentStreams: 8, maxMetadataBytes: 400,
        streamWindow: 64 << 10, connectionWindow: 64 << 10)

    /// More than a client gives credit for in the beginning, and than is copied.
    private static let large = 100_000
    private static let filling = [UInt8](repeating: 7, count: large)

    private var wire = ServerWire(limits: limits, implementation: NativeImplementation(name: "", version: ""))
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private let partSize: Int
    /// In the order in which they came.
    private var calls: [Call] = []
    private var hasFailed = false
    private(set) var violation: String?

    init(partSize: Int) { self.partSize = partSize }

    mutating func receive(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count, !hasFailed {
            let end = partSize < bytes.count - start ? start + partSize : bytes.count
            input.writeBytes(bytes[start..<end])
            start = end
            while let event = wire.next(&input, output: &output) { take(event) }
            input.discardReadBytes()
        }
        check()
    }

    private mutating func take(_ event: ServerWireEvent) {
        if hasFailed { return complain("an event comes after the end") }
        switch event {
        case .request(let request):
            if index(of: request.stream) != nil { complain("stream \(request.stream) comes twice") }
            calls.append(Call(stream: request.stream))
        case .message(let stream, let message): note(message, stream)
        case .messages(let stream, var messages):
            while let message = messages.popFirst() { note(message, stream) }
        case .cancel(let stream, _): remove(stream)
        case .failedStream(let stream, let error):
            guard index(of: stream) != nil else { break }
            remove(stream)
            wire.fail(stream: stream, error, into: &output)
        case .httpRequest(let stream, let request):
            wire.respond(stream: stream, HTTPResponse(status: 404, body: request.body), into: &output)
        case .failed: hasFailed = true
        case .established, .halfClosed, .goAway, .refused, .pong: break
        }
    }

    private mutating func note(_ message: WireMessage, _ stream: UInt32) {
        let size = message.bytes.readableBytes
        if size > Self.limits.maxMessageBytes { complain("a message of \(size) bytes is over the limit") }
        // Of a call that has been answered.
        guard let index = index(of: stream) else { return }
        calls[index].unread.append(size)
        let unread = calls[index].unread.reduce(0) { $0 + $1 + 5 }
        // A message that is larger than the window has room of its own.
        if unread > Self.limits.streamWindow + Self.limits.maxMessageBytes + 5 {
            complain("\(unread) bytes came into a window of less")
        }
    }

    private func index(of stream: UInt32) -> Int? { calls.firstIndex { $0.stream == stream } }

    private mutating func remove(_ stream: UInt32) { calls.removeAll { $0.stream == stream } }

    // MARK: - What handlers do

    /// - Parameter argument: Which call, and how.
    mutating func act(_ action: Action, _ argument: UInt8) {
        switch action {
        case .pump: pump(room: Int(argument) * 256 + 1)
        case .tick: wire.tick()
        case .ping: _ = wire.ping(UInt64(argument), into: &output)
        case .drain: wire.goAway(code: .ok, text: "x", into: &output)
        case .close:
            wire.goAway(code: argument & 1 == 0 ? .resourceExhausted : .deadlineExceeded, text: "x", into: &output)
        default:
            guard !calls.isEmpty else { break }
            act(action, of: Int(argument >> 2) % calls.count, argument & 3)
        }
        check()
    }

    private mutating func act(_ action: Action, of index: Int, _ choice: UInt8) {
        let call = calls[index]
        let size = [0, 1, 20_000, Self.large][Int(choice)]
        let write: (UnsafeMutableRawPointer) -> Void = { target in
            Self.filling.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: size) }
        }
        switch action {
        case .sendInitialMetadata where !call.hasSent:
            calls[index].hasSent = wire.sendInitialMetadata(stream: call.stream, ["k": "v"], into: &output) == nil
        case .sendMessage where !call.isBusy:
            calls[index].hasSent = true
            let outcome = wire.sendMessage(
                stream: call.stream, size: size, isCompressed: false, into: &output, write: write)
            if case .queued = outcome { calls[index].isBusy = true }
        case .respond where !call.isBusy:
            calls.remove(at: index)
            wire.respond(stream: call.stream, payloadSize: size, trailers: ["k": "v"], into: &output, write: write)
        case .finish:
            calls.remove(at: index)
            wire.finish(stream: call.stream, trailers: choice & 1 == 0 ? [:] : ["k": "v"], into: &output)
        case .fail:
            calls.remove(at: index)
            wire.fail(stream: call.stream, RPCError(.internalError, "x", metadata: ["k": "v"]), into: &output)
        case .consume:
            let taken = calls[index].unread.prefix(Int(choice) + 1)
            calls[index].unread.removeFirst(taken.count)
            if !taken.isEmpty {
                wire.consumed(
                    stream: call.stream, bytes: taken.reduce(0, +), messages: taken.count, into: &output)
            }
        default: break
        }
    }

    private mutating func pump(room: Int) {
        var slices = OutputSlices(room: room)
        wire.pump(into: &output, &slices, room: room)
        var joined = ByteBuffer()
        slices.gather(with: output) { joined.writeImmutableBuffer($0) }
        output = joined
        for stream in wire.takeSent() {
            guard let index = index(of: stream) else { continue }
            if !calls[index].isBusy { complain("stream \(stream) is told of room that it didn't wait for") }
            calls[index].isBusy = false
        }
    }

    // MARK: - What must hold

    private mutating func check() {
        while let event = wire.next(&input, output: &output) { take(event) }
        if !hasFailed, wire.openStreams != calls.count {
            complain("\(wire.openStreams) streams are open instead of \(calls.count)")
        }
        let most = Self.limits.maxConcurrentStreams * (64 << 10 + Self.large + 5)
        if !(0...most).contains(wire.queuedBytes) { complain("\(wire.queuedBytes) bytes are queued") }
    }

    /// Ends all calls, and looks at what was sent.
    mutating func end() {
        for call in calls { wire.fail(stream: call.stream, RPCError(.cancelled, "x"), into: &output) }
        calls = []
        if wire.openStreams != 0 { complain("\(wire.openStreams) streams are open after the last was ended") }
        var rounds = 0
        while wire.canPump, rounds < 10_000 {
            pump(room: 1 << 20)
            rounds += 1
        }
        if wire.canPump { complain("the output has no end") }
        while let event = wire.next(&input, output: &output) { take(event) }
        while let header = output.getBytes(at: output.readerIndex, length: 9) {
            let length = header.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            guard length <= 16 << 10, output.readableBytes >= 9 + length else { break }
            output.moveReaderIndex(forwardBy: 9 + length)
        }
        if output.readableBytes > 0 { complain("\(output.readableBytes) bytes at the end of the output are no frame") }
    }

    private mutating func complain(_ text: String) { violation = violation ?? text }
}
