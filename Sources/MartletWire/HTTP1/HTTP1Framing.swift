internal import MartletCore

/// How the body of a request ends, and what its head says about the connection.
struct HTTP1Framing {
    enum Length: Equatable {
        case bytes(Int)
        case chunked
    }

    let length: Length
    /// Whether the client waits for a word before it sends the body.
    let expectsContinue: Bool
    /// Whether the client wants to send more requests.
    let keepsAlive: Bool

    /// - Parameter limit: The most bytes of a body.
    init(_ head: HTTP1Head, limit: Int) throws(HTTP1Problem) {
        length = try Self.length(head, limit: limit)
        let options = Set(
            head.fields.values(for: "connection").joined(separator: ",").lowercased()
                .split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).map(String.init))
        keepsAlive = !options.contains("close") && (!head.isOld || options.contains("keep-alive"))
        let expectations = head.fields.values(for: "expect")
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw HTTP1Problem(417, "an expectation other than 100-continue")
        }
        expectsContinue = !expectations.isEmpty && !head.isOld && length != .bytes(0)
    }

    /// RFC 9112, section 6, without what it lets servers repair: two parties that repair differently see different
    /// requests.
    private static func length(_ head: HTTP1Head, limit: Int) throws(HTTP1Problem) -> Length {
        let lengths = head.fields.values(for: "content-length")
        let codings = head.fields.values(for: "transfer-encoding")
        guard codings.isEmpty || lengths.isEmpty else {
            throw HTTP1Problem("both Content-Length and Transfer-Encoding")
        }
        if !codings.isEmpty {
            guard !head.isOld else { throw HTTP1Problem("HTTP/1.0 has no Transfer-Encoding") }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw HTTP1Problem("a Transfer-Encoding other than chunked")
            }
            return .chunked
        }
        guard let text = lengths.first else { return .bytes(0) }
        guard lengths.count == 1 else { throw HTTP1Problem("more than one Content-Length") }
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else {
            throw HTTP1Problem("a Content-Length that isn't a number")
        }
        guard let length = Int(text), length <= limit else { throw .bodyTooLarge(limit: limit) }
        return .bytes(length)
    }
}

extension HTTP1Problem {
    static func bodyTooLarge(limit: Int) -> HTTP1Problem {
        HTTP1Problem(413, "the body is over the limit of \(limit) bytes")
    }
}
