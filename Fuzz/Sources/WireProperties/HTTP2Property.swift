private import MartletCore
private import MartletWire
private import NIOCore

/// What holds of a server whatever an HTTP/2 client sends and whenever handlers answer: calls are neither lost nor counted
/// twice, what waits is bounded, what is sent are whole frames, and what is over leaves nothing.
///
/// The fuzzer looks for bytes that break it; a test replays those that once did.
package enum HTTP2Property {
    /// What is wrong; nil if nothing is. The first byte of `input` says how many bytes arrive at a time, all of a step when it
    /// is 0; then come steps: see ``HTTP2Steps``.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        guard let first = input.first else { return nil }
        var server = FuzzedServer(partSize: first == 0 ? .max : Int(first))
        server.receive(HTTP2Steps.opening)
        var steps = HTTP2Steps(bytes: input.dropFirst())
        while server.violation == nil, let step = steps.next() {
            switch step {
            case .receive(let bytes): server.receive(bytes)
            case .act(let action, let argument): server.act(action, argument)
            }
        }
        server.end()
        return server.violation
    }
}

/// Cuts the fuzzer's bytes into what a client sends and what the server does meanwhile, so that most of them mean
/// something: a byte says what, and others follow.
private struct HTTP2Steps {
    enum Step {
        case receive([UInt8])
        case act(FuzzedServer.Action, UInt8)
    }

    static let opening = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])

    private var bytes: Slice<UnsafeRawBufferPointer>
    private var nextStream: UInt32 = 1

    init(bytes: Slice<UnsafeRawBufferPointer>) { self.bytes = bytes }

    mutating func next() -> Step? {
        guard let kind = bytes.popFirst() else { return nil }
        let argument = bytes.popFirst() ?? 0
        switch kind % 32 {
        // A frame: flags are the argument; then come a stream, a length and the payload.
        case 0...10:
            let stream = UInt32(bytes.popFirst() ?? 0)
            return .receive(Self.frame(kind % 32, argument, stream, rest(Int(bytes.popFirst() ?? 0))))
        // The next stream: the argument chooses its headers and whether it ends with them.
        case 11...15: return .receive(request(argument))
        // DATA with a message of up to 1,020 bytes on the stream.
        case 16...18:
            let flags = bytes.popFirst() ?? 0
            let size = Int(bytes.popFirst() ?? 0) * 4
            let prefix = [flags >> 7] + Self.bigEndian(size, 4)
            return .receive(Self.frame(0, flags & 1, UInt32(argument), prefix + Array(repeating: 7, count: size)))
        // Credit of all sizes, for a stream or, if it is 0, all.
        case 19:
            return .receive(
                Self.frame(8, 0, UInt32(argument), Self.bigEndian(1 << Int((bytes.popFirst() ?? 0) % 32), 4)))
        // Whatever it is.
        case 20: return .receive(rest(Int(argument)))
        default:
            let actions = FuzzedServer.Action.allCases
            return .act(actions[Int(kind % 32 - 21) % actions.count], argument)
        }
    }

    private mutating func rest(_ count: Int) -> [UInt8] {
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    private mutating func request(_ choice: UInt8) -> [UInt8] {
        defer { nextStream += 2 }
        var fields = [
            (":method", choice & 0x40 == 0 ? "POST" : "GET"), (":scheme", "http"), (":path", "/s.S/M"),
            (":authority", "h"),
            ("te", "trailers"), ("content-type", "application/grpc"),
        ]
        let more = [
            ("grpc-encoding", "gzip"), ("grpc-encoding", "deflate"), ("grpc-timeout", "1S"), ("grpc-timeout", "0n"),
            ("k-bin", "AQI="), ("grpc-accept-encoding", "gzip, identity"), ("k", "v"), ("grpc-encoding", "br"),
        ]
        if choice & 8 != 0 { fields.append(more[Int(choice & 7)]) }
        if choice & 0x20 != 0 { fields[5].1 = "text/plain" }
        let block = fields.flatMap { [0, UInt8($0.0.utf8.count)] + $0.0.utf8 + [UInt8($0.1.utf8.count)] + $0.1.utf8 }
        return Self.frame(1, choice & 0x10 == 0 ? 4 : 5, nextStream, block)
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        bigEndian(payload.count, 3) + [type, flags] + bigEndian(Int(stream), 4) + payload
    }

    private static func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
