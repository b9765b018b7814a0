private import FuzzDriver
private import MartletCore
private import MartletWire
private import NIOCore

@main
enum WireFuzzer {
    static func main() { _ = FuzzDriver.run { check($0) } }
}

/// The first byte chooses the machine (bit 0: client), whether a Hello comes first (bit 1: no; then a client speaks plain
/// ttrpc, and a server if the bytes begin with a Request) and how many bytes at a time arrive (the rest); the other bytes are what arrives. What the machine is told depends on its events alone.
///
/// However the bytes are cut, a machine must give the same number of events and the same output.
private func check(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let hello: [UInt8] =
        choice & 2 == 0 ? [0, 0, 0, 8, 0, 0, 0, 0, 0x10, 0, 8, 1, 0x42, 4, 0x67, 0x7A, 0x69, 0x70] : []
    let input = hello + bytes.dropFirst()
    let step = Int(choice >> 2) + 1
    if choice & 1 == 0 {
        precondition(serve(input, step: input.count) == serve(input, step: step))
    } else {
        let kind: WireKind = choice & 2 == 0 ? .native : .ttrpc
        precondition(call(kind, input, step: input.count) == call(kind, input, step: step))
    }
}

private struct Outcome: Equatable {
    var events = 0
    var output = ByteBuffer()
}

private func joined(_ output: ByteBuffer, _ slices: consuming OutputSlices) -> ByteBuffer {
    var joined = ByteBuffer()
    slices.gather(with: output) { joined.writeImmutableBuffer($0) }
    return joined
}

private let limits = WireLimits(
    maxFrameBytes: 20_000, maxMessageBytes: 1000, maxConcurrentStreams: 3, maxMetadataBytes: 200, streamWindow: 65_536,
    connectionWindow: 65_536, compressions: ["gzip"])

/// More than there is credit for in the beginning.
private let large = 100_000

private let filling = [UInt8](repeating: 7, count: large)

private func fill(_ size: Int) -> (UnsafeMutableRawPointer) -> Void {
    { target in filling.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: size) } }
}

private func serve(_ input: [UInt8], step: Int) -> Outcome {
    var machine = ServerWire(limits: limits, implementation: NativeImplementation(name: "", version: ""))
    var outcome = Outcome()
    var open: [UInt32] = []
    var busy: Set<UInt32> = []
    func answer(_ stream: UInt32) {
        guard let index = open.firstIndex(of: stream) else { return }
        switch outcome.events % 6 {
        case 0: return
        case 1 where !busy.contains(stream):
            let outcome = machine.sendMessage(
                stream: stream, size: large, isCompressed: false, into: &outcome.output, write: fill(large))
            if case .queued = outcome { busy.insert(stream) }
            return
        case 2 where !busy.contains(stream):
            machine.respond(
                stream: stream, payloadSize: large, trailers: [:], into: &outcome.output, write: fill(large))
        case 3 where !busy.contains(stream):
            machine.respond(stream: stream, payloadSize: 1, trailers: [:], into: &outcome.output, write: fill(1))
        case 4: machine.finish(stream: stream, trailers: ["k": "v"], into: &outcome.output)
        default: machine.fail(stream: stream, RPCError(.internalError, "x"), into: &outcome.output)
        }
        open.remove(at: index)
        busy.remove(stream)
    }
    forEachPart(of: input, step: step) { buffer in
        while let event = machine.next(&buffer, output: &outcome.output) {
            outcome.events += 1
            switch event {
            case .request(let request):
                precondition(
                    (request.message?.bytes.readableBytes ?? 0) + request.service.utf8.count <= input.count * 3)
                open.append(request.stream)
                if outcome.events % 2 == 0 {
                    _ = machine.sendInitialMetadata(stream: request.stream, ["k": "v"], into: &outcome.output)
                }
                answer(request.stream)
            case .message(let stream, let message):
                precondition(message.bytes.readableBytes <= limits.maxMessageBytes)
                machine.consumed(stream: stream, bytes: message.bytes.readableBytes, into: &outcome.output)
                answer(stream)
            case .messages(let stream, let messages):
                machine.consumed(
                    stream: stream, bytes: messages.messageBytes, messages: messages.count, into: &outcome.output)
                answer(stream)
            case .halfClosed(let stream), .cancel(let stream, _): answer(stream)
            case .failedStream(let stream, let error):
                guard let index = open.firstIndex(of: stream) else { break }
                open.remove(at: index)
                busy.remove(stream)
                machine.fail(stream: stream, error, into: &outcome.output)
            case .httpRequest(let stream, _): machine.respond(stream: stream, HTTPResponse(), into: &outcome.output)
            case .established, .goAway, .refused, .pong, .failed: break
            }
            let room = outcome.events % 3 * 10_000
            var slices = OutputSlices(room: room)
            machine.pump(into: &outcome.output, &slices, room: room)
            outcome.output = joined(outcome.output, slices)
            for stream in machine.takeSent() { busy.remove(stream) }
        }
        precondition(machine.openStreams >= open.count)
    }
    for stream in open { machine.fail(stream: stream, RPCError(.internalError, "x"), into: &outcome.output) }
    precondition(machine.hasQueued == (machine.openStreams > 0) && machine.queuedBytes >= 0)
    return outcome
}

private func call(_ kind: WireKind, _ input: [UInt8], step: Int) -> Outcome {
    var machine = ClientWire(kind, limits: limits, implementation: NativeImplementation(name: "", version: ""))
    var outcome = Outcome()
    machine.start(into: &outcome.output)
    func send(_ form: RequestForm, _ size: Int) {
        _ = machine.request(
            service: "svc", method: "Get", form: form, payloadSize: size, timeoutNanoseconds: nil, metadata: [:],
            into: &outcome.output, write: fill(size))
    }
    func send() {
        switch outcome.events % 3 {
        case 0: send(.only(streamsResponses: false), 1)
        case 1: send(.only(streamsResponses: true), large)
        default: send(.open(streamsResponses: true), 0)
        }
    }
    send(.only(streamsResponses: false), 1)
    send(.open(streamsResponses: true), 0)
    send(.only(streamsResponses: false), large)
    var isBusy = false
    forEachPart(of: input, step: step) { buffer in
        while let event = machine.next(&buffer, output: &outcome.output) {
            outcome.events += 1
            switch event {
            case .response(let response):
                send()
                if response.stream == 3 { isBusy = false }
                if case .success(let payload) = response.result {
                    precondition(payload.bytes.readableBytes <= input.count)
                }
            case .message(let stream, let message):
                precondition(message.bytes.readableBytes <= limits.maxMessageBytes)
                machine.consumed(stream: stream, bytes: message.bytes.readableBytes, into: &outcome.output)
                if outcome.events % 4 == 0 { machine.cancel(stream: stream, code: .cancelled, into: &outcome.output) }
            case .messages(let stream, var messages):
                let bytes = messages.messageBytes
                let count = messages.count
                while let message = messages.popFirst() {
                    precondition(message.bytes.readableBytes <= limits.maxMessageBytes)
                }
                machine.consumed(stream: stream, bytes: bytes, messages: count, into: &outcome.output)
            case .established, .initialMetadata, .failedStream, .goAway, .pong, .failed: break
            }
            if outcome.events % 5 == 4 { machine.halfClose(stream: 3, into: &outcome.output) }
            if !isBusy {
                let result = machine.sendMessage(
                    stream: 3, size: 30_000, isCompressed: false, into: &outcome.output, write: fill(30_000))
                if case .queued = result { isBusy = true }
            }
            let room = outcome.events % 3 * 10_000
            var slices = OutputSlices(room: room)
            machine.pump(into: &outcome.output, &slices, room: room)
            outcome.output = joined(outcome.output, slices)
            if machine.takeSent().contains(3) { isBusy = false }
        }
        precondition(machine.openStreams >= 0 && machine.queuedBytes >= 0)
    }
    return outcome
}

private func forEachPart(of input: [UInt8], step: Int, _ body: (inout ByteBuffer) -> Void) {
    var buffer = ByteBuffer()
    for start in stride(from: 0, to: input.count, by: max(1, step)) {
        buffer.writeBytes(input[start..<min(input.count, start + max(1, step))])
        body(&buffer)
        buffer.discardReadBytes()
    }
}
