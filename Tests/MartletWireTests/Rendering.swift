import MartletCore
import MartletWire
import NIOCore

/// Frames as text, such as `Response 1 {2: "pong"}`. Reads them with code of its own, so that it can't share a
/// mistake with the machines.
func render(frames buffer: ByteBuffer) -> [String] {
    var rest = Array(buffer.readableBytesView)[...]
    var result: [String] = []
    while !rest.isEmpty {
        guard rest.count >= 10 else { return result + ["\(rest.count) stray bytes"] }
        let header = Array(rest.prefix(10))
        let length = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        let stream = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        let data = Array(rest.dropFirst(10).prefix(length))
        guard data.count == length else { return result + ["a frame cut short"] }
        let names: [UInt8: String] = [
            0x01: "Request", 0x02: "Response", 0x03: "Data", 0x10: "Hello", 0x11: "Metadata", 0x12: "Cancel",
            0x13: "Window",
            0x14: "Ping", 0x15: "GoAway",
        ]
        let flags = header[9] == 0 ? "" : " flags \(header[9])"
        // Data has a message's own bytes.
        let content = header[8] == 0x03 ? hex(data) : render(message: data) ?? "malformed"
        result.append("\(names[header[8]] ?? "type \(header[8])") \(stream)\(flags) \(content)")
        rest = rest.dropFirst(10 + length)
    }
    return result
}

/// Fields as `{1: 3, 2: "text"}`; content with control characters is taken for a message if it can be one.
private func render(message: [UInt8]) -> String? {
    var rest = message[...]
    func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
    var fields: [String] = []
    while !rest.isEmpty {
        guard let key = varint(), key >> 3 > 0 else { return nil }
        switch key & 7 {
        case 0:
            guard let value = varint() else { return nil }
            fields.append("\(key >> 3): \(Int64(bitPattern: value))")
        case 1:
            guard rest.count >= 8 else { return nil }
            fields.append("\(key >> 3): \(rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })")
            rest = rest.dropFirst(8)
        case 2:
            guard let length = varint(), length <= UInt64(rest.count) else { return nil }
            let content = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            if let text = String(validating: content, as: UTF8.self), content.allSatisfy({ $0 >= 0x20 }) {
                fields.append("\(key >> 3): \"\(text)\"")
            } else {
                fields.append("\(key >> 3): \(render(message: content) ?? hex(content))")
            }
        default: return nil
        }
    }
    return "{\(fields.joined(separator: ", "))}"
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func text(_ buffer: ByteBuffer) -> String { String(decoding: buffer.readableBytesView, as: UTF8.self) }

func render(_ metadata: Metadata) -> String {
    metadata.fields.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
}

func render(_ error: RPCError) -> String {
    let details = error.details.map { " detail \($0.typeURL)=\(hex($0.bytes))" }.joined()
    let metadata = error.metadata.isEmpty ? "" : " metadata \(render(error.metadata))"
    return "\(error)\(details)\(metadata)\(error.isSafeToRetry ? " safe to retry" : "")"
}

func render(_ request: HTTPRequest) -> String {
    let query = request.query.map { "?\($0)" } ?? ""
    let fields = request.headers.fields.map { " \($0.name)=\($0.value)" }.joined()
    let body = request.body.isEmpty ? "" : " body \(String(decoding: request.body, as: UTF8.self))"
    return "\(request.method) \(request.path)\(query)\(fields)\(body)"
}

func render(_ message: WireMessage) -> String { (message.isCompressed ? "compressed " : "") + text(message.bytes) }

func render(_ error: WireError) -> String { "failed \(error.stage): \(error)" }

private func render(_ hello: HelloInfo) -> String {
    """
    hello \(hello.version) frame \(hello.limits.maxFrameBytes) streams \(hello.limits.maxConcurrentStreams) \
    metadata \(hello.limits.maxMetadataBytes) windows \(hello.limits.streamWindow) \(hello.limits.connectionWindow) \
    compressions \(hello.limits.compressions) features \(hello.features) \
    by \(hello.implementation.name)/\(hello.implementation.version)
    """
}

func describe(_ event: ServerWireEvent) -> String {
    switch event {
    case .established(let hello): return hello.map { render($0) } ?? "ttrpc"
    case .request(let request):
        let timeout = request.timeoutNanoseconds.map { " timeout \($0)" } ?? ""
        let metadata = request.metadata.isEmpty ? "" : " metadata \(render(request.metadata))"
        let name = "\(request.stream) \(request.service)/\(request.method)"
        return "request \(name) \(request.message.map { render($0) } ?? "open")\(timeout)\(metadata)"
    case .httpRequest(let stream, let request): return "http \(stream) \(render(request))"
    case .cancel(let stream, let code): return "cancel \(stream) \(code.name)"
    case .goAway(let code, let text): return "goAway \(code.name) \(text)"
    case .refused(let stream, let error): return "refused \(stream) \(render(error))"
    case .message(let stream, let message): return "message \(stream) \(render(message))"
    case .messages(let stream, let messages): return "messages \(stream) \(messages.count)"
    case .halfClosed(let stream): return "halfClosed \(stream)"
    case .failedStream(let stream, let error): return "failedStream \(stream) \(render(error))"
    case .pong(let opaque): return "pong \(opaque)"
    case .failed(let error): return render(error)
    }
}

func describe(_ event: ClientWireEvent) -> String {
    switch event {
    case .established(let hello): return hello.map { render($0) } ?? "ttrpc"
    case .response(let response):
        switch response.result {
        case .success(let payload):
            let trailers = response.trailingMetadata.isEmpty ? "" : " trailers \(render(response.trailingMetadata))"
            return "response \(response.stream) \(render(payload))\(trailers)"
        case .failure(let error): return "response \(response.stream) \(error.origin): \(render(error))"
        }
    case .goAway(let lastStream, let code, let text): return "goAway \(lastStream) \(code.name) \(text)"
    case .initialMetadata(let stream, let metadata): return "initialMetadata \(stream) \(render(metadata))"
    case .message(let stream, let message): return "message \(stream) \(render(message))"
    case .messages(let stream, let messages): return "messages \(stream) \(messages.count)"
    case .failedStream(let stream, let error): return "failedStream \(stream) \(render(error))"
    case .pong(let opaque): return "pong \(opaque)"
    case .failed(let error): return render(error)
    }
}
