private import FuzzDriver
private import MartletCore
private import MartletWire
private import NIOCore

@main
enum WireFuzzer {
    static func main() { _ = FuzzDriver.run { check($0) } }
}

/// The first byte chooses the machine (bit 0: client), whether a Hello comes first (bit 1: no) and how many bytes at
/// a time arrive (the rest); the other bytes are what arrives.
///
/// However the bytes are cut, a machine must give the same number of events and the same output.
private func check(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let hello: [UInt8] = choice & 2 == 0 ? [0, 0, 0, 2, 0, 0, 0, 0, 0x10, 0, 8, 1] : []
    let input = hello + bytes.dropFirst()
    let step = Int(choice >> 2) + 1
    if choice & 1 == 0 {
        precondition(serve(input, step: input.count) == serve(input, step: step))
    } else {
        precondition(call(input, step: input.count) == call(input, step: step))
    }
}

private struct Outcome: Equatable {
    var events = 0
    var output = ByteBuffer()
}

private let limits = WireLimits(maxFrameBytes: 20_000, maxConcurrentStreams: 3, maxMetadataBytes: 200)

private func serve(_ input: [UInt8], step: Int) -> Outcome {
    var machine = ServerWire(limits: limits, implementation: NativeImplementation(name: "", version: ""))
    var outcome = Outcome()
    var open: [UInt32] = []
    forEachPart(of: input, step: step) { buffer in
        while let event = machine.next(&buffer, output: &outcome.output) {
            outcome.events += 1
            guard case .request(let request) = event else { continue }
            open.append(request.stream)
            precondition(request.message!.bytes.readableBytes + request.service.utf8.count <= input.count * 3)
            // Two in three are answered at once.
            if outcome.events % 3 != 0 {
                machine.respond(
                    stream: open.removeFirst(), payloadSize: 1, trailers: request.metadata, into: &outcome.output
                ) { $0.storeBytes(of: 7, as: UInt8.self) }
            }
        }
        precondition(machine.openStreams == open.count)
    }
    for stream in open { machine.fail(stream: stream, RPCError(.internalError, "x"), into: &outcome.output) }
    precondition(machine.openStreams == 0)
    return outcome
}

private func call(_ input: [UInt8], step: Int) -> Outcome {
    var machine = ClientWire(limits: limits, implementation: NativeImplementation(name: "", version: ""))
    var outcome = Outcome()
    machine.start(into: &outcome.output)
    func send() {
        _ = machine.request(
            service: "svc", method: "Get", form: .only(streamsResponses: false), payloadSize: 0,
            timeoutNanoseconds: nil, metadata: [:],
            into: &outcome.output, write: { _ in })
    }
    for _ in 0..<3 { send() }
    forEachPart(of: input, step: step) { buffer in
        while let event = machine.next(&buffer, output: &outcome.output) {
            outcome.events += 1
            if case .response(let response) = event {
                send()
                if case .success(let payload) = response.result {
                    precondition(payload.bytes.readableBytes <= input.count)
                }
            }
        }
        precondition(machine.openStreams >= 0)
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
