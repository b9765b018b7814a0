import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a server says on a connection with HTTP/1.1.
struct HTTP1AnswerTests {
    private static func wire() -> ServerWire {
        ServerWire(implementation: NativeImplementation(name: "us", version: "1"))
    }

    /// Answers the first request of a connection.
    private func answer(_ request: String, _ response: HTTPResponse) -> String {
        var wire = Self.wire()
        var input = ByteBuffer(string: request)
        var output = ByteBuffer()
        while let event = wire.next(&input, output: &output) {
            guard case .httpRequest(let stream, _) = event else { continue }
            wire.respond(stream: stream, response, into: &output)
        }
        return text(output)
    }

    @Test(arguments: [
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTPResponse(text: "hi"),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 2\r\n\r\nhi"
        ),
        (
            "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", HTTPResponse(text: "hi", contentType: "t"),
            "HTTP/1.1 200 OK\r\ncontent-type: t\r\ncontent-length: 2\r\n\r\n"
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", HTTPResponse(status: 404),
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        (
            "GET / HTTP/1.0\r\n\r\n", HTTPResponse(status: 299),
            "HTTP/1.1 299 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        (
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", HTTPResponse(),
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n"
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTPResponse(status: 204, headers: ["cache-control": "no-store"]),
            "HTTP/1.1 204 No Content\r\ncache-control: no-store\r\n\r\n"
        ),
    ])
    func answers(request: String, response: HTTPResponse, says: String) {
        #expect(answer(request, response) == says)
    }

    @Test func onlyTheOpenRequestIsAnswered() {
        var wire = Self.wire()
        var input = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        var output = ByteBuffer()
        while wire.next(&input, output: &output) != nil {}
        let isAnswering = wire.isAnswering
        #expect(wire.openStreams == 1 && isAnswering)
        wire.respond(stream: 3, HTTPResponse(), into: &output)
        #expect(output.readableBytes == 0)
        wire.respond(stream: 1, HTTPResponse(), into: &output)
        let size = output.readableBytes
        wire.respond(stream: 1, HTTPResponse(), into: &output)
        let isStillAnswering = wire.isAnswering
        #expect(output.readableBytes == size && wire.openStreams == 0 && !isStillAnswering)
    }

    @Test(arguments: [
        ("GET / HT", StatusCode.deadlineExceeded, 408 as Int?), ("GET / HT", .ok, 503),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", .deadlineExceeded, 408),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", .ok, nil),
    ])
    func theEndIsToldToWhoeverHasBegun(input: String, code: StatusCode, status: Int?) {
        var wire = Self.wire()
        var input = ByteBuffer(string: input)
        var output = ByteBuffer()
        while wire.next(&input, output: &output) != nil {}
        #expect(wire.isReceiving == (status != nil))
        wire.goAway(code: code, text: "why", into: &output)
        guard let status else {
            #expect(output.readableBytes == 0)
            wire.respond(stream: 1, HTTPResponse(), into: &output)
            let isOver = wire.hasAnsweredLast
            #expect(text(output).contains("connection: close") && isOver)
            return
        }
        #expect(text(output).hasPrefix("HTTP/1.1 \(status) ") && text(output).hasSuffix("\r\n\r\nwhy\n"))
        let isOver = wire.hasAnsweredLast
        #expect(isOver)
    }

    @Test func aCallThatCameAsARequestEndsAsAResponse() {
        final class Answer: HTTPCallAnswer {
            func response(
                to outcome: Result<[UInt8], RPCError>, initialMetadata: Metadata, trailingMetadata: Metadata
            ) -> HTTPResponse {
                var headers: HTTPFields = ["a": initialMetadata["a"] ?? "", "b": trailingMetadata["b"] ?? ""]
                switch outcome {
                case .success(let message): return HTTPResponse(headers: headers, body: message)
                case .failure(let error):
                    headers["code"] = error.code.name
                    return HTTPResponse(status: 500, headers: headers)
                }
            }
        }
        var wire = Self.wire()
        var input = ByteBuffer(
            string: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        var output = ByteBuffer()
        while let event = wire.next(&input, output: &output) {
            guard case .httpRequest(let stream, let request) = event else { continue }
            wire.beginHTTPCall(stream: stream, Answer())
            #expect(wire.sendInitialMetadata(stream: stream, ["a": "1"], into: &output) == nil)
            if request.path == "/1" {
                wire.respond(stream: stream, payloadSize: 1, trailers: ["b": "2"], into: &output) {
                    $0.storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
                }
            } else {
                wire.fail(stream: stream, RPCError(.notFound, "", metadata: ["b": "3"]), into: &output)
            }
        }
        #expect(
            text(output) == """
                HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\ncontent-length: 1\r\n\r\nx\
                HTTP/1.1 500 Internal Server Error\r\na: 1\r\nb: 3\r\ncode: NOT_FOUND\r\ncontent-length: 0\r\n\r\n
                """)
    }
}
