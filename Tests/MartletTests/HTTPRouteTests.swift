import Foundation
import Martlet
import MartletTesting
import Synchronization
import Testing

/// Paths that a server answers over HTTP, through real sockets.
@Suite(.overBothVersions) struct HTTPRouteTests {
    private func routes(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
        .test { configuration in
            configuration.httpRoutes = [
                HTTPRoute("/version") { _ in
                    HTTPResponse(headers: ["content-type": "text/plain", "cache-control": "no-store"], body: [0x31])
                },
                HTTPRoute("/echo", methods: ["POST", "PUT"]) { request in
                    HTTPResponse(status: 201, text: "\(request.method) \(request.query ?? "-") \(request.body.count)")
                },
                HTTPRoute("/broken") { _ in throw RPCError(.notFound, "a secret") },
                HTTPRoute("/split") { _ in HTTPResponse(headers: ["x": "a\r\nset-cookie: b"]) },
                HTTPRoute("/framing") { _ in
                    HTTPResponse(headers: ["content-length": "7", "transfer-encoding": "chunked"], body: [1, 2])
                },
                HTTPRoute("/odd") { _ in HTTPResponse(status: 99) },
            ]
            change(&configuration)
        }
    }

    @Test func aRouteAnswers() async throws {
        try await withServer(TestService.echo, configuration: routes()) { _, port in
            let reply = try await HTTPPeer.curl(port, "/version?x=1")
            #expect(reply.status == 200 && reply.text == "1")
            #expect(
                reply.headers == ["content-type": "text/plain", "cache-control": "no-store", "content-length": "1"])
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(Array("HEAD /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
            try await peer.expectClosing()
            #expect(peer.text.hasSuffix("content-length: 1..connection: close...."), "\(peer.text)")
        }
    }

    @Test func aBodyArrivesInAnyForm() async throws {
        try await withServer(TestService.echo, configuration: routes()) { _, port in
            let body = [UInt8](repeating: 0x78, count: 300_000)
            let counted = try await HTTPPeer.curl(port, "/echo?a=b", "--data-binary", "@-", input: body)
            #expect(counted.status == 201 && counted.text == "POST a=b 300000")
            let chunked = try await HTTPPeer.curl(
                port, "/echo", "-X", "PUT", "-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue",
                "--data-binary", "@-", input: body)
            #expect(chunked.status == 201 && chunked.text == "PUT - 300000")
        }
    }

    @Test(arguments: [
        ("/nowhere", "GET", 404, "", "nothing is served"), ("/version/", "GET", 404, "", ""),
        ("/version", "POST", 405, "GET, HEAD", ""), ("/echo", "GET", 405, "POST, PUT", ""),
        ("/broken", "GET", 500, "", "its log"), ("/split", "GET", 500, "", ""), ("/odd", "GET", 500, "", ""),
    ])
    func whatIsntAnswered(path: String, verb: String, status: Int, allow: String, says: String) async throws {
        try await withServer(TestService.echo, configuration: routes()) { _, port in
            let reply = try await HTTPPeer.curl(port, path, "-X", verb)
            #expect(reply.status == status && (reply.headers["allow"] ?? "") == allow)
            #expect(says.isEmpty || reply.text.contains(says))
            #expect(!reply.text.contains("secret"))
            #expect(reply.headers["set-cookie"] == nil)
        }
    }

    @Test func aHandlerDoesntFrameItsAnswer() async throws {
        try await withServer(TestService.echo, configuration: routes()) { _, port in
            let reply = try await HTTPPeer.curl(port, "/framing")
            #expect(reply.headers == ["content-length": "2"] && reply.bytes == [1, 2])
        }
    }

    @Test func pythonKeepsItsConnection() async throws {
        try await withServer(TestService.echo, configuration: routes()) { _, port in
            let output = try await HTTPPeer.python(
                """
                import http.client
                connection = http.client.HTTPConnection("127.0.0.1", \(port), timeout=20)
                connection.connect()
                local = connection.sock.getsockname()
                for _ in range(3):
                    connection.request("POST", "/echo", body=iter([b"ab", b"c"]), encode_chunked=True,
                                       headers={"Transfer-Encoding": "chunked"})
                    print(connection.getresponse().read().decode())
                    connection.request("GET", "/nowhere")
                    print(connection.getresponse().read().decode().strip())
                    assert connection.sock.getsockname() == local
                """)
            #expect(output == String(repeating: "POST - 3\nnothing is served at this path\n", count: 3))
        }
    }

    @Test func requestsInARowAreAnsweredInOrder() async throws {
        let order = Mutex<[String]>([])
        let configuration = routes {
            $0.httpRoutes.append(
                HTTPRoute("/slow") { request in
                    order.withLock { $0.append("begin \(request.query ?? "")") }
                    try await Task.sleep(for: .milliseconds(20))
                    order.withLock { $0.append("end \(request.query ?? "")") }
                    return HTTPResponse(text: request.query ?? "")
                })
        }
        try await withServer(TestService.echo, configuration: configuration) { _, port in
            let peer = try await ScriptedPeer.connect(port: port)
            let requests = (1...20).map { "GET /slow?\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            try await peer.send(Array(requests.utf8))
            try await eventually { HTTPReply.all(of: peer).count == 20 }
            #expect(HTTPReply.all(of: peer).map(\.text) == (1...20).map { "\($0)" })
            #expect(order.withLock { $0 } == (1...20).flatMap { ["begin \($0)", "end \($0)"] })
            try await peer.close()
        }
    }

    @Test func aLostConnectionCancelsTheHandler() async throws {
        let notes = Mutex<[String]>([])
        let configuration = routes {
            $0.httpRoutes.append(
                HTTPRoute("/wait") { _ in
                    notes.withLock { $0.append("begun") }
                    do { try await Task.sleep(for: .seconds(60)) } catch {
                        notes.withLock { $0.append("\(type(of: error))") }
                    }
                    return HTTPResponse()
                })
        }
        try await withServer(TestService.echo, configuration: configuration) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(Array("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            try await eventually { notes.withLock { $0 } == ["begun"] }
            #expect(server.statistics.calls == 1 && server.statistics.tasks == 1)
            try await peer.close()
            try await eventually { notes.withLock { $0 } == ["begun", "CancellationError"] }
        }
    }

    @Test(arguments: [true, false]) func aShutdownWaitsForTheAnswer(isPatient: Bool) async throws {
        let begun = Mutex(false)
        let isReleased = Mutex(false)
        let configuration = routes {
            $0.httpRoutes.append(
                HTTPRoute("/wait") { _ in
                    begun.withLock { $0 = true }
                    while !isReleased.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
                    return HTTPResponse(text: "done")
                })
        }
        try await withServer(TestService.echo, configuration: configuration) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            let idle = try await ScriptedPeer.connect(port: port)
            try await idle.send(Array("GET /version HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            try await peer.send(Array("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            try await eventually { begun.withLock { $0 } && HTTPReply.all(of: idle).count == 1 }
            async let shutdown: Void = server.shutdown(grace: isPatient ? .seconds(20) : .milliseconds(50))
            try await idle.expectClosing()
            try await Task.sleep(for: .milliseconds(100))
            if isPatient { isReleased.withLock { $0 = true } }
            await shutdown
            try await peer.expectClosing()
            let replies = HTTPReply.all(of: peer)
            #expect(replies.count == 1)
            #expect(replies.first?.status == (isPatient ? 200 : 503))
            #expect(replies.first?.headers["connection"] == "close")
        }
    }
}
