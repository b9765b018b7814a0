private import FuzzDriver
private import MartletCore
private import MartletWire
private import NIOCore

@main
enum HTTP1Fuzzer {
    static func main() { _ = FuzzDriver.run { check($0) } }
}

/// The first byte says how many bytes at a time arrive; the others follow a request line.
///
/// However the bytes are cut, the machine must hand out the same requests and write the same output; and what it hands
/// out, written strictly, must be read as the same request again.
private func check(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let input = Array("GET ".utf8) + bytes.dropFirst()
    let whole = serve(input, step: input.count)
    precondition(whole == serve(input, step: Int(choice) + 1))
    // A field or two are added on the way.
    for request in whole.requests where request.headers.fields.count < 98 {
        let again = serve(written(request), step: .max, WireLimits()).requests
        precondition(again.count == 1, "a request that was taken is refused")
        var expected = request
        // What is written is framed by a length.
        expected.headers["transfer-encoding"] = nil
        expected.headers["content-length"] = "\(request.body.count)"
        expected.headers["expect"] = nil
        // HTTP/1.0 may leave it out.
        expected.headers["host"] = request.headers["host"] ?? ""
        precondition(Set(again[0].headers.fields) == Set(expected.headers.fields))
        precondition(again[0].body == request.body && again[0].path == request.path && again[0].query == request.query)
    }
}

private struct Outcome: Equatable {
    var requests: [HTTPRequest] = []
    var output = ByteBuffer()
}

private let limits = WireLimits(maxMessageBytes: 1000, maxMetadataBytes: 2000)

private func serve(_ input: [UInt8], step: Int, _ limits: WireLimits = limits) -> Outcome {
    var machine = ServerWire(limits: limits, implementation: NativeImplementation(name: "", version: ""))
    var outcome = Outcome()
    var buffer = ByteBuffer()
    var rest = input[...]
    while !rest.isEmpty {
        buffer.writeBytes(rest.prefix(step))
        rest = rest.dropFirst(step)
        while let event = machine.next(&buffer, output: &outcome.output) {
            switch event {
            case .httpRequest(let stream, let request):
                precondition(request.body.count <= limits.maxMessageBytes)
                precondition(machine.openStreams == 1 && machine.next(&buffer, output: &outcome.output) == nil)
                outcome.requests.append(request)
                machine.respond(stream: stream, HTTPResponse(text: "x"), into: &outcome.output)
            case .failed: precondition(machine.hasAnsweredLast)
            case .established: break
            default: preconditionFailure("an event that HTTP/1.1 doesn't have")
            }
        }
        precondition(machine.bytesNeeded > 0 && machine.openStreams == 0)
        precondition(buffer.readableBytes <= limits.maxMetadataBytes + limits.maxMessageBytes + min(step, input.count))
        buffer.discardReadBytes()
    }
    return outcome
}

private func written(_ request: HTTPRequest) -> [UInt8] {
    var text = "\(request.method) \(request.path)\(request.query.map { "?\($0)" } ?? "") HTTP/1.1\r\n"
    for field in request.headers.fields
    where !["content-length", "transfer-encoding", "expect"].contains(field.name) {
        text += "\(field.name): \(field.value)\r\n"
    }
    if request.headers["host"] == nil { text += "host: \r\n" }
    return Array((text + "content-length: \(request.body.count)\r\n\r\n").utf8) + request.body
}
