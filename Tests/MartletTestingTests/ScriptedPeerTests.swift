import Martlet
import MartletTesting
import Testing

@Suite struct ScriptedPeerTests {
    @Test func aPeerPlaysAClientOverTCP() async throws {
        let server = try await ScriptedServer.listen()
        let client = try await ScriptedPeer.connect(port: server.port)
        let end = try await server.accept()
        try await client.send([1, 2, 3, 4, 5])
        try await end.expect([1, 2])
        #expect(try await end.receive(count: 3) == [3, 4, 5])
        try await end.send(RawFrame(stream: 7, type: 2, flags: 1, data: [9]))
        try await client.expect(RawFrame(stream: 7, type: 2, flags: 1, data: [9]))
        #expect(client.bytes == [0, 0, 0, 1, 0, 0, 0, 7, 2, 1, 9])
        try await client.close()
        try await end.expectClosing()
        try await server.close()
    }

    @Test func whatComesInsteadIsNamed() async throws {
        let server = try await ScriptedServer.listen()
        let client = try await ScriptedPeer.connect(port: server.port)
        let end = try await server.accept()
        try await client.send([1, 2, 0xFF])
        let other = await #expect(throws: ScriptError.self) { try await end.expect([1, 3]) }
        #expect(other?.description == "expected the bytes 01 03, got 01 02")
        try await client.close()
        let nothing = await #expect(throws: ScriptError.self) { try await end.receive(count: 2) }
        #expect(nothing?.description == "expected 2 bytes, but the connection closed after ff")
        try await server.close()
    }

    @Test func waitingEndsOnTheNetworksTime() async throws {
        try await withTestNetwork { network in
            let server = try network.scriptedServer("mute")
            let client = try await network.connect(to: "mute")
            _ = try await server.accept()
            let start = network.clock.now
            let error = await #expect(throws: ScriptError.self) { try await client.receiveFrame() }
            #expect(error?.description == "waited 10.0 seconds for a frame")
            #expect(start.duration(to: network.clock.now) == .seconds(10))
            try await client.close()
        }
    }

    @Test func aStrangerIsToldWhatItSpeaks() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            let stranger = try await network.connect(to: "echo")
            try await stranger.send(Array("GET /health HTTP/1.1\r\n\r\n".utf8))
            try await stranger.expectClosing()
            #expect(stranger.text.contains("HTTP/1.1"))
        }
    }

    @Test func aServerThatHangsUpIsNoMartletServer() async throws {
        try await withTestNetwork { network in
            let server = try network.scriptedServer("broken")
            let channel = network.channel(to: "broken")
            async let failure = #expect(throws: RPCError.self) { try await channel.get("x") }
            let connection = try await server.accept()
            let hello = try await connection.receiveFrame()
            #expect(hello.stream == 0 && hello.type == 0x10)
            try await connection.close()
            #expect(await failure?.code == .unavailable)
        }
    }
}
