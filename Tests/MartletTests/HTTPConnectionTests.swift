import Martlet
import MartletTesting
import Testing

/// What time and size do to connections with HTTP/1.1; on virtual time, where time matters.
@Suite struct HTTPConnectionTests {
    private func configuration(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
        .test {
            $0.httpRoutes = [HTTPRoute("/") { HTTPResponse(text: "\($0.body.count)") }]
            change(&$0)
        }
    }

    private static let get = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    ])
    func aRequestThatTrickles(start: String) async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.frameTimeout = .seconds(60) })
            let peer = try await network.connect(to: "a")
            try await peer.send(Array(start.utf8))
            for _ in 0..<59 {
                await network.advance(by: .seconds(1))
                try await peer.send([0x78])
            }
            #expect(server.statistics.connections == 1 && peer.bytes.isEmpty)
            await network.advance(by: .seconds(1))
            let reply = HTTPReply.all(of: peer).first
            #expect(reply?.status == 408 && reply?.text.contains("more than 60.0 seconds") == true)
            await network.advance(by: .seconds(1))
            #expect(server.statistics.connections == 0)
        }
    }

    @Test func chunksOfOneByteGetNoMoreTime() async throws {
        try await withTestNetwork { network in
            try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.frameTimeout = .seconds(60) })
            let peer = try await network.connect(to: "a")
            try await peer.send(Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            for _ in 0..<59 {
                await network.advance(by: .seconds(1))
                try await peer.send(Array("1\r\nx\r\n".utf8))
            }
            #expect(peer.bytes.isEmpty)
            await network.advance(by: .seconds(1))
            #expect(HTTPReply.all(of: peer).first?.status == 408)
        }
    }

    @Test func aLargeBodyHasTimeForEachPart() async throws {
        try await withTestNetwork { network in
            try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.frameTimeout = .seconds(60) })
            let peer = try await network.connect(to: "a")
            try await peer.send(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n".utf8))
            for _ in 0..<16 {
                await network.advance(by: .seconds(40))
                try await peer.send([UInt8](repeating: 1, count: 65_536))
            }
            await network.advance(by: .seconds(1))
            // A route for GET: what matters is that the whole request was read.
            #expect(HTTPReply.all(of: peer).map(\.status) == [405])
        }
    }

    @Test func aSlowHandlerIsNoSlowClient() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            try await network.server(
                "a", services: [TestService.echo],
                configuration: configuration {
                    $0.frameTimeout = .seconds(60)
                    $0.httpRoutes = [
                        HTTPRoute("/") { _ in
                            try await clock.sleep(for: .seconds(3600))
                            return HTTPResponse(text: "late")
                        }
                    ]
                })
            let peer = try await network.connect(to: "a")
            // With the next requests behind it, the last of them cut off.
            try await peer.send(Self.get + Self.get + Self.get.dropLast(4))
            await network.advance(by: .seconds(3600))
            await network.advance(by: .seconds(3600))
            #expect(HTTPReply.all(of: peer).map(\.text) == ["late", "late"])
            await network.advance(by: .seconds(61))
            #expect(HTTPReply.all(of: peer).map(\.status) == [200, 200, 408])
        }
    }

    @Test func aSilentConnectionIsClosed() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.keepalive.interval = .seconds(60) }
            )
            let peer = try await network.connect(to: "a")
            for count in 1...3 {
                try await peer.send(Self.get)
                await network.advance(by: .seconds(50))
                #expect(HTTPReply.all(of: peer).count == count)
            }
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(11))
            #expect(server.statistics.connections == 0)
            #expect(HTTPReply.all(of: peer).count == 3)
        }
    }

    @Test func whatFollowsAnOpenRequestIsNotGathered() async throws {
        try await withServer(
            TestService.echo,
            configuration: configuration {
                $0.httpRoutes = [
                    HTTPRoute("/") { _ in
                        try await Task.sleep(for: .seconds(60))
                        return HTTPResponse()
                    }
                ]
            }
        ) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(Self.get)
            // Far more than the sockets' buffers take.
            peer.sendWithoutWaiting([UInt8](repeating: 0x47, count: 64 << 20))
            try await eventually { server.statistics.tasks == 1 }
            try await Task.sleep(for: .milliseconds(300))
            #expect(server.statistics.tasks == 1 && peer.bytes.isEmpty)
            try await peer.close()
        }
    }

    @Test(arguments: [
        ("Content-Length: 100001\r\n", 413, "100000 bytes"),
        ("X: " + String(repeating: "y", count: 20_000) + "\r\n", 431, ""),
        ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400, "both"),
    ])
    func aRequestThatIsRefused(fields: String, status: Int, says: String) async throws {
        try await withServer(TestService.echo, configuration: configuration { $0.maxMessageBytes = 100_000 }) {
            _, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(Array("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8))
            try await peer.expectClosing()
            let reply = try #require(HTTPReply.all(of: peer).first)
            #expect(reply.status == status && reply.text.contains(says) && reply.headers["connection"] == "close")
        }
    }

    @Test func otherWiresGoOnBesideIt() async throws {
        try await withServerAndChannel(TestService.echo, server: configuration()) { server, channel in
            let reply = try await HTTPPeer.curl(server.addresses[0].port, "/")
            #expect(reply.status == 200)
            let response = try await channel.call("hello")
            #expect(response.text == "hello")
        }
    }
}
