/// Frames of an HTTP/2 server, as far as they are complete.
struct HTTP2Reply {
    let type: UInt8
    let flags: UInt8
    let stream: Int
    let payload: [UInt8]

    static func all(in bytes: [UInt8]) -> [HTTP2Reply] {
        var replies: [HTTP2Reply] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let start = rest.startIndex
            let length = number(rest.prefix(3))
            guard rest.count >= 9 + length else { break }
            replies.append(
                HTTP2Reply(
                    type: rest[start + 3], flags: rest[start + 4], stream: number(rest[start + 5..<start + 9]),
                    payload: Array(rest[start + 9..<start + 9 + length])))
            rest = rest.dropFirst(9 + length)
        }
        return replies
    }

    /// Code and words of the last GOAWAY.
    static func goAway(in bytes: [UInt8]) -> (code: Int, text: String)? {
        guard let last = all(in: bytes).last(where: { $0.type == 7 }) else { return nil }
        return (number(last.payload[4..<8]), String(decoding: last.payload[8...], as: UTF8.self))
    }

    /// The codes of the streams that were reset.
    static func resets(in bytes: [UInt8]) -> [Int] {
        all(in: bytes).filter { $0.type == 3 }.map { number($0.payload[...]) }
    }

    /// What the stream was given.
    static func credit(of stream: Int, in bytes: [UInt8]) -> Int {
        all(in: bytes).filter { $0.type == 8 && $0.stream == stream }.reduce(0) { $0 + number($1.payload[...]) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

extension RawSocket {
    /// What has come already. Nil: nothing, and the peer has closed the connection.
    func receiveAll() -> [UInt8]? {
        var all: [UInt8] = []
        while true {
            guard let bytes = receive(within: 0) else { return all.isEmpty ? nil : all }
            if bytes.isEmpty { return all }
            all += bytes
        }
    }
}
