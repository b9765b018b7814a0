import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a server makes of HTTP/1.1, as tables of texts, however they are cut.
struct HTTP1InputTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: String
        let requests: [String]
        /// Statuses, in the order in which they were written.
        let statuses: [Int]
        let says: String
        let isOver: Bool
        var testDescription: String { rule }
    }

    private static func accepted(
        _ rule: String, _ input: String, _ requests: String..., isOver: Bool = false
    ) -> Case {
        Case(
            rule: rule, input: input, requests: requests, statuses: requests.map { _ in 200 }, says: "", isOver: isOver)
    }

    private static func refused(_ rule: String, _ input: String, _ status: Int = 400, _ says: String = "") -> Case {
        Case(rule: rule, input: input, requests: [], statuses: [status], says: says, isOver: true)
    }

    private static let limits = WireLimits(maxMessageBytes: 100, maxMetadataBytes: 1000)

    @Test(arguments: requests + bodies + smuggling + limitCases)
    func input(_ test: Case) {
        for feeding in Feeding.all(for: Array(test.input.utf8)) {
            var wire = ServerWire(limits: Self.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = answering(Array(test.input.utf8), feeding, &wire)
            #expect(outcome.requests == test.requests, "\(feeding)")
            #expect(outcome.statuses == test.statuses, "\(feeding): \(outcome.output)")
            #expect(outcome.output.contains(test.says), "\(feeding): \(outcome.output)")
            #expect(wire.hasAnsweredLast == test.isOver, "\(feeding)")
            #expect(wire.openStreams == 0, "\(feeding)")
        }
    }

    private struct Answered {
        var requests: [String] = []
        var output = ""
        var statuses: [Int] {
            output.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
        }
    }

    /// Feeds a machine, and answers each request with `ok`.
    private func answering(_ input: [UInt8], _ feeding: Feeding, _ wire: inout ServerWire) -> Answered {
        var answered = Answered()
        var output = ByteBuffer()
        var buffer = ByteBuffer()
        var fed = 0
        while fed < input.count {
            let count = feeding.count(after: fed, of: input.count, needed: max(1, wire.bytesNeeded))
            buffer.writeBytes(input[fed..<fed + count])
            fed += count
            while let event = wire.next(&buffer, output: &output) {
                guard case .httpRequest(let stream, let request) = event else { continue }
                #expect(stream == UInt32(answered.requests.count * 2 + 1))
                #expect(wire.next(&buffer, output: &output) == nil, "the next request comes after the answer")
                answered.requests.append(render(request))
                wire.respond(stream: stream, HTTPResponse(text: "ok", contentType: "t"), into: &output)
            }
            buffer.discardReadBytes()
        }
        answered.output = text(output)
        return answered
    }

    // MARK: Requests

    private static let requests = [
        accepted("the smallest", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a"),
        accepted(
            "a query, and fields in any case and with blanks around them",
            "GET /a/b?c=%20&d HTTP/1.1\r\nHOST:a:80\r\nX-One: \t1 2\t \r\nx-one:\r\n\r\n",
            "GET /a/b?c=%20&d host=a:80 x-one=1 2 x-one="),
        accepted(
            "an absolute target", "GET http://A.b:1/c?d HTTP/1.1\r\nHost: a.B:1\r\n\r\n", "GET /c?d host=a.B:1"),
        accepted("the whole server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * host=a"),
        accepted(
            "two in a row, with an empty line between them",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nDELETE /2 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /1 host=a",
            "DELETE /2 host=a"),
        accepted(
            "what follows the last one is dropped",
            "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 host=a connection=x, Close", isOver: true),
        accepted("HTTP/1.0 ends with the answer", "GET / HTTP/1.0\r\n\r\n", "GET /", isOver: true),
        accepted(
            "HTTP/1.0 that goes on", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET / connection=Keep-Alive"),
        accepted("a later version", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", "GET / host=a"),
        accepted(
            "an offer of HTTP/2 is ignored",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
            "GET / host=a connection=Upgrade, HTTP2-Settings upgrade=h2c"),
    ]

    private static let bodies = [
        accepted(
            "a length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /a host=a content-length=5 body hello"),
        accepted(
            "a length of zero, and the next request",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /a host=a content-length=0", "GET / host=a"),
        accepted(
            "chunks, with an extension and trailers",
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n00A;x=\"y\"\r\n, chunked!\r\n0\r\nX: y\r\n\r\n"
                + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /a host=a transfer-encoding=Chunked body hello, chunked!", "GET / host=a"),
        accepted(
            "no chunks", "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /a host=a transfer-encoding=chunked"),
        Case(
            rule: "a client that waits for a word",
            input: "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
            requests: ["POST /a host=a expect=100-continue content-length=2 body hi"], statuses: [100, 200],
            says: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", isOver: false),
        accepted(
            "as many bytes as allowed",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + String(repeating: "x", count: 100),
            "POST /a host=a content-length=100 body " + String(repeating: "x", count: 100)),
    ]

    // MARK: Refusals

    private static let get = "GET / HTTP/1.1\r\n"
    private static let post = "POST / HTTP/1.1\r\nHost: a\r\n"

    /// What two parties may read as different requests, and other disorder.
    private static let smuggling = [
        refused("no Host", get + "\r\n", 400, "no Host"),
        refused("two Hosts", get + "Host: a\r\nHost: a\r\n\r\n", 400, "more than one Host"),
        refused("a Host with a path", get + "Host: a/b\r\n\r\n"),
        refused("a Host with a user", get + "Host: u@a\r\n\r\n"),
        refused("another host in the target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "another host"),
        refused("a target that is an authority", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
        refused("a target of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a target with a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a target beyond ASCII", "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        refused("no version", "GET /aaaaaaaa\r\n\r\n"),
        refused("a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        refused("a version that isn't spoken", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        refused("both lengths", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "both"),
        refused("two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        refused("a list of lengths", post + "Content-Length: 5, 5\r\n\r\nhello"),
        refused("a length with a sign", post + "Content-Length: +5\r\n\r\nhello"),
        refused("a negative length", post + "Content-Length: -5\r\n\r\nhello"),
        refused("a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello"),
        refused("an empty length", post + "Content-Length: \r\n\r\nhello"),
        refused("another transfer coding", post + "Transfer-Encoding: gzip\r\n\r\n"),
        refused("another coding in front", post + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
        refused("a coding twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        refused("an odd spelling of chunked", post + "Transfer-Encoding: xchunked\r\n\r\n"),
        refused("chunks of HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused("a LF alone", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "LF stands alone"),
        refused("a CR alone", get + "Host: a\rX: y\r\n\r\n", 400, "CR stands alone"),
        refused("a field on two lines", get + "Host: a\r\nX: y\r\n z\r\n\r\n", 400, "obsolete"),
        refused("a blank before the first field", get + " Host: a\r\n\r\n"),
        refused("a blank before the colon", get + "Host : a\r\n\r\n", 400, "colon"),
        refused("a blank in a name", get + "Host: a\r\nX Y: z\r\n\r\n"),
        refused("no name", get + "Host: a\r\n: z\r\n\r\n"),
        refused("no colon", get + "Host: a\r\nhello\r\n\r\n"),
        refused("a NUL", get + "Host: a\r\nX: \0\r\n\r\n", 400, "control byte 0"),
        refused("a DEL", get + "Host: a\r\nX: \u{7F}\r\n\r\n"),
        refused("two empty lines in front", "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n", 400).with(
            requests: ["GET / host=a"], statuses: [200, 400]),
        refused("another expectation", post + "Expect: more\r\nContent-Length: 1\r\n\r\nx", 417),
        refused("a chunk's size that is no number", post + chunked + "x\r\n"),
        refused("a chunk's size with a sign", post + chunked + "+1\r\nx\r\n0\r\n\r\n"),
        refused("a chunk's size with a blank", post + chunked + "1 \r\nx\r\n0\r\n\r\n"),
        refused("a chunk's size behind a LF", post + chunked + "1\nx\r\n0\r\n\r\n"),
        refused("an empty chunk's size", post + chunked + "\r\n"),
        refused("a chunk that is longer than its size", post + chunked + "1\r\nxy\r\n0\r\n\r\n"),
        refused("a trailer without a colon", post + chunked + "0\r\nhello\r\n\r\n"),
        refused("a trailer with a LF", post + chunked + "0\r\nX: y\n\r\n"),
    ]

    private static let chunked = "Transfer-Encoding: chunked\r\n\r\n"

    private static let limitCases = [
        refused("a head that is too large", get + "Host: a\r\nX: " + String(repeating: "y", count: 1000), 431, "1000"),
        refused("a target that is too large", "GET /" + String(repeating: "y", count: 1000), 431),
        refused(
            "too many fields", get + String(repeating: "A:\r\n", count: 101) + "\r\n", 431, "more than 100"),
        refused("a length over the limit", post + "Content-Length: 101\r\n\r\n", 413, "100 bytes"),
        refused("a length beyond all numbers", post + "Content-Length: 99999999999999999999\r\n\r\n", 413),
        refused("a chunk over the limit", post + chunked + "65\r\n", 413),
        refused("a chunk beyond all numbers", post + chunked + "fffffffffffffffff\r\n", 413),
        refused(
            "chunks over the limit", post + chunked + "40\r\n" + String(repeating: "x", count: 64) + "\r\n25\r\n", 413),
        refused("a chunk's extensions over the limit", post + chunked + "1;" + String(repeating: "x", count: 300), 400),
        refused(
            "trailers over the limit", post + chunked + "0\r\nX: " + String(repeating: "y", count: 1000), 431),
        refused(
            "a body that is announced and too large gets no word to go on",
            post + "Expect: 100-continue\r\nContent-Length: 101\r\n\r\n", 413),
    ]
}

extension HTTP1InputTests.Case {
    fileprivate func with(requests: [String], statuses: [Int]) -> Self {
        Self(rule: rule, input: input, requests: requests, statuses: statuses, says: says, isOver: isOver)
    }
}
