import Foundation
import Martlet
import MartletTesting
import Synchronization
import Testing

/// Unary calls over plain HTTP, by Connect's protocol, through real sockets.
@Suite(.overBothVersions) struct HTTPCallTests {
    private static let asJSON = ["-H", "Content-Type: application/json"]

    private func post(
        _ port: Int, _ body: String, method: String = "Echo", type: String = "application/json", _ headers: String...
    ) async throws -> HTTPReply {
        let arguments = (["Content-Type: \(type)"] + headers).flatMap { ["-H", $0] }
        return try await HTTPPeer.curl(
            port, "/web.v1.WebService/\(method)", arguments + ["--data-binary", "@-"], input: Array(body.utf8))
    }

    @Test(arguments: [
        (#"{"fileName":"a"}"#, #"{"fileName":"a"}"#), (#"{"file_name":"ä\n\u0041"}"#, #"{"fileName":"ä\nA"}"#),
        ("{}", "{}"), (#"{"fileName":"a","later":{"b":[1]}}"#, #"{"fileName":"a"}"#),
    ])
    func json(request: String, response: String) async throws {
        try await withServer(WebService()) { _, port in
            let reply = try await post(port, request, type: "application/json; charset=utf-8")
            #expect(reply.status == 200 && reply.text == response)
            #expect(reply.headers["content-type"] == "application/json")
        }
    }

    @Test func protobuf() async throws {
        try await withServer(WebService()) { _, port in
            let bytes = try Named(fileName: "a").serialized()
            let reply = try await HTTPPeer.curl(
                port, "/web.v1.WebService/Echo", ["-H", "Content-Type: application/proto", "--data-binary", "@-"],
                input: bytes)
            #expect(reply.status == 200 && reply.bytes == bytes)
            #expect(reply.headers["content-type"] == "application/proto")
            let raw = try await post(port, "hello", method: "Raw", type: "application/proto")
            #expect(raw.status == 200 && raw.text == "hello")
        }
    }

    @Test func metadataBothWays() async throws {
        let seen = Mutex(Metadata())
        let service = WebService(echo: { request, context in
            seen.withLock { $0 = context.metadata }
            context.initialMetadata["region"] = "eu"
            context.initialMetadata["content-length"] = "1"
            context.trailingMetadata["cost-bin"] = "AAE"
            return request
        })
        try await withServer(service) { _, port in
            let reply = try await post(
                port, "{}", "Connect-Protocol-Version: 1", "Authorization: Bearer x", "User-Agent: me", "Trace-Bin: AQ")
            #expect(reply.status == 200 && reply.text == "{}")
            #expect(reply.headers["region"] == "eu" && reply.headers["trailer-cost-bin"] == "AAE")
            #expect(seen.withLock { $0 } == ["authorization": "Bearer x", "user-agent": "me", "trace-bin": "AQ"])
        }
    }

    @Test(arguments: StatusCode.allCases.filter { $0 != .ok })
    func errors(code: StatusCode) async throws {
        let status: [StatusCode: Int] = [
            .cancelled: 499, .unknown: 500, .invalidArgument: 400, .deadlineExceeded: 504, .notFound: 404,
            .alreadyExists: 409, .permissionDenied: 403, .resourceExhausted: 429, .failedPrecondition: 400,
            .aborted: 409,
            .outOfRange: 400, .unimplemented: 501, .internalError: 500, .unavailable: 503, .dataLoss: 500,
            .unauthenticated: 401,
        ]
        let service = WebService(echo: { _, _ in
            throw RPCError(
                code, "\"why\"\n",
                details: [ErrorDetail(typeURL: "type.googleapis.com/a.B", bytes: [1, 2, 0xFF, 0xFE])],
                metadata: ["k": "v"])
        })
        try await withServer(service) { _, port in
            let reply = try await post(port, "{}")
            #expect(reply.status == status[code])
            #expect(reply.headers["content-type"] == "application/json" && reply.headers["trailer-k"] == "v")
            let name = code == .cancelled ? "canceled" : code.name.lowercased()
            let expected =
                #"{"code":"\#(name)","message":"\"why\"\n","details":[{"type":"a.B","value":"AQL//g"}]}"#
            #expect(reply.text == expected)
            _ = try JSONSerialization.jsonObject(with: Data(reply.bytes))
        }
    }

    @Test func foreignErrorsKeepTheirText() async throws {
        struct Secret: Error {}
        try await withServer(WebService(echo: { _, _ in throw Secret() })) { _, port in
            let reply = try await post(port, "{}")
            #expect(reply.status == 500 && reply.text.contains(#""code":"unknown""#) && !reply.text.contains("Secret"))
        }
    }

    struct Refusal: CustomTestStringConvertible {
        let name: String
        var path = "/web.v1.WebService/Echo"
        var arguments: [String] = ["-H", "Content-Type: application/json", "-d", "{}"]
        let status: Int
        let says: [String]
        var header: (String, String)?
        var testDescription: String { name }
    }

    @Test(arguments: [
        Refusal(
            name: "what isn't JSON", arguments: asJSON + ["-d", "{\n \"fileName\": 1}"], status: 400,
            says: [#""code":"invalid_argument""#, "line 2, column 14", "fileName"]),
        Refusal(
            name: "no method", path: "/web.v1.WebService/Nothing", status: 404,
            says: [#""code":"unimplemented""#, "has no method", "Nothing"]),
        Refusal(
            name: "no service", path: "/web.v1.Other/Echo", status: 404,
            says: [#""code":"unimplemented""#, "web.v1.WebService"]),
        Refusal(name: "no call", path: "/web.v1.Other/Echo", arguments: [], status: 404, says: ["nothing is served"]),
        Refusal(
            name: "a stream", path: "/web.v1.WebService/List", status: 501,
            says: [#""code":"unimplemented""#, "WebService/List streams"]),
        Refusal(
            name: "no JSON form", path: "/web.v1.WebService/Raw", status: 415, says: ["application/proto"],
            header: ("accept-post", "application/proto")),
        Refusal(
            name: "a form", arguments: ["-d", "{}"], status: 415,
            says: ["application/x-www-form-urlencoded", "use application/json"],
            header: ("accept-post", "application/json, application/proto")),
        Refusal(name: "GET", arguments: ["-G"], status: 405, says: ["POST"], header: ("allow", "POST")),
        Refusal(
            name: "PUT", arguments: asJSON + ["-X", "PUT", "-d", "{}"], status: 405, says: [], header: ("allow", "POST")
        ),
        Refusal(
            name: "another version", arguments: asJSON + ["-H", "Connect-Protocol-Version: 2", "-d", "{}"], status: 400,
            says: [#""code":"invalid_argument""#, "use 1"]),
        Refusal(
            name: "a time that is none", arguments: asJSON + ["-H", "Connect-Timeout-Ms: 12345678901", "-d", "{}"],
            status: 400, says: ["10 digits"]),
        Refusal(
            name: "no time", arguments: asJSON + ["-H", "Connect-Timeout-Ms: 0", "-d", "{}"], status: 504,
            says: ["deadline_exceeded"]),
        Refusal(
            name: "another compression", arguments: asJSON + ["-H", "Content-Encoding: br", "-d", "{}"], status: 501,
            says: [#""code":"unimplemented""#], header: ("accept-encoding", "gzip, identity")),
        Refusal(
            name: "what isn't gzip", arguments: asJSON + ["-H", "Content-Encoding: gzip", "-d", "{}"], status: 400,
            says: [#""code":"invalid_argument""#]),
    ])
    func refusals(_ test: Refusal) async throws {
        try await withServer(WebService()) { _, port in
            let reply = try await HTTPPeer.curl(port, test.path, test.arguments)
            #expect(reply.status == test.status)
            for text in test.says { #expect(reply.text.contains(text), "\(reply.text)") }
            if let (name, value) = test.header { #expect(reply.headers[name] == value) }
        }
    }

    @Test func aDeadline() async throws {
        let reason = Mutex<ServerContext.CancellationReason?>(nil)
        let service = WebService(echo: { request, context in
            #expect(context.deadline != nil)
            do { try await Task.sleep(for: .seconds(60)) } catch { reason.withLock { $0 = context.cancellationReason } }
            return request
        })
        try await withServer(service) { _, port in
            let reply = try await post(port, "{}", "Connect-Timeout-Ms: 50")
            #expect(reply.status == 504 && reply.text.contains(#""code":"deadline_exceeded""#))
            try await eventually { reason.withLock { $0 } == .deadline }
        }
    }

    @Test(arguments: [
        "encoding=json&message=%7B%22fileName%22%3A%22a%20b%22%7D&connect=v1",
        "connect=v1&encoding=json&base64=1&message=eyJmaWxlTmFtZSI6ImEgYiJ9",
        "message={\"fileName\":\"a+b\"}&encoding=json",
    ])
    func getReads(query: String) async throws {
        try await withServer(WebService()) { _, port in
            let reply = try await HTTPPeer.curl(port, "/web.v1.WebService/Read?\(query)")
            #expect(reply.status == 200 && reply.text == #"{"fileName":"a b"}"#)
            let posted = try await post(port, #"{"fileName":"c"}"#, method: "Read")
            #expect(posted.text == #"{"fileName":"c"}"#)
        }
    }

    @Test(arguments: [
        ("", 400, "encoding"), ("encoding=json", 400, "message"), ("encoding=xml&message=", 415, "json or proto"),
        ("encoding=json&message=%7", 400, "percent"), ("encoding=json&message=a&message=b", 400, "twice"),
        ("encoding=json&message=***&base64=1", 400, "base64"), ("connect=v2&encoding=json&message={}", 400, "v1"),
        ("encoding=json&message={", 400, "line 1"), ("encoding=json&message={}&compression=br", 501, "br"),
    ])
    func getRefuses(query: String, status: Int, says: String) async throws {
        try await withServer(WebService()) { _, port in
            let reply = try await HTTPPeer.curl(port, "/web.v1.WebService/Read?\(query)")
            #expect(reply.status == status && reply.text.contains(says), "\(reply.text)")
        }
    }

    @Test func gzipBothWays() async throws {
        let seen = Shared<[Bool]>([])
        let service = WebService { request, context in
            seen.change { $0.append(context.requestWasCompressed) }
            return request
        }
        try await withServer(service, configuration: .test { $0.responseCompression = .gzip }) { _, port in
            let script = """
                import gzip, http.client, json
                connection = http.client.HTTPConnection("127.0.0.1", \(port), timeout=20)
                def call(headers, body):
                    connection.request("POST", "/web.v1.WebService/Echo", body=body,
                                       headers={"Content-Type": "application/json", **headers})
                    response = connection.getresponse()
                    return response.status, response.getheader("content-encoding"), response.read()
                text = json.dumps({"fileName": "x" * 10000}, separators=(",", ":")).encode()
                status, coding, body = call({"Content-Encoding": "gzip", "Accept-Encoding": "br, gzip"}, gzip.compress(text))
                assert (status, coding, gzip.decompress(body)) == (200, "gzip", text), (status, coding)
                status, coding, body = call({"Accept-Encoding": "gzip;q=0"}, text)
                assert (status, coding, body) == (200, None, text), (status, coding)
                status, coding, body = call({"Content-Encoding": "gzip"}, gzip.compress(b" " * 50_000_000))
                assert status == 429 and b"4194304 bytes once it is decompressed" in body, (status, body[:200])
                print("ok")
                """
            let output = try await HTTPPeer.python(script)
            #expect(output == "ok\n")
            #expect(seen.value == [true, false])
        }
    }

    @Test func interceptorsSeeCallsAndStrangers() async throws {
        struct Noting: ServerInterceptor {
            let notes: Notes
            nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
                notes.list.withLock { $0.append("\(context.method)") }
                try await next()
            }
        }
        final class Notes: Sendable { let list = Mutex<[String]>([]) }
        let notes = Notes()
        let configuration = ServerConfiguration.test { $0.interceptors = [Noting(notes: notes)] }
        try await withServer(WebService(), configuration: configuration) { _, port in
            let reply = try await post(port, #"{"fileName":"a"}"#)
            #expect(reply.text == #"{"fileName":"a"}"#)
            let missing = try await post(port, "{}", method: "Nothing")
            #expect(missing.status == 404)
            #expect(notes.list.withLock { $0 } == ["web.v1.WebService/Echo", "web.v1.WebService/Nothing"])
        }
    }
}
