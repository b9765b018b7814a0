import Martlet
import MartletTesting
import MartletWire
import NIOCore
import Synchronization
import Testing

/// When a server asks for a sign of life, drains or closes; on virtual time.
@Suite struct ServerLifetimeTests {
    private static let ping: UInt8 = 0x14
    private static let goAway: UInt8 = 0x15
    private static let acknowledgement: UInt8 = 0x01

    /// A client's Hello, followed by what `more` writes.
    private func hello(_ more: (inout ClientWire, inout ByteBuffer) -> Void = { _, _ in }) -> [UInt8] {
        var wire = ClientWire(implementation: NativeImplementation(name: "test", version: "0"))
        var output = ByteBuffer()
        wire.start(into: &output)
        more(&wire, &output)
        return Array(output.readableBytesView)
    }

    private func request(method: String = "Call") -> [UInt8] {
        hello { wire, output in
            _ = wire.request(
                service: "test.Service", method: method, form: .only(streamsResponses: false), payloadSize: 1,
                timeoutNanoseconds: nil, metadata: [:], into: &output
            ) { $0.storeBytes(of: 1, as: UInt8.self) }
        }
    }

    private func pingFrame(_ number: UInt8, flags: UInt8 = 0) -> RawFrame {
        RawFrame(stream: 0, type: Self.ping, flags: flags, data: [0x09, number, 0, 0, 0, 0, 0, 0, 0])
    }

    private func configuration(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
        .test {
            $0.keepalive.interval = nil
            change(&$0)
        }
    }

    @Test func aClientThatSaysNothing() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.handshakeTimeout = .seconds(10) })
            let peer = try await network.connect(to: "a")
            await network.advance(by: .seconds(9))
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(1))
            #expect(peer.text.contains("no HELLO within 10.0 seconds"))
            await network.advance(by: .seconds(1))
            #expect(server.statistics.connections == 0)
        }
    }

    @Test func aFrameThatTrickles() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: configuration { $0.frameTimeout = .seconds(60) })
            let peer = try await network.connect(to: "a")
            try await peer.send(hello())
            // A frame of 100 bytes, one a second.
            try await peer.send([0, 0, 0, 100, 0, 0, 0, 1, 1, 0])
            for _ in 0..<59 {
                await network.advance(by: .seconds(1))
                try await peer.send([0])
            }
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(1))
            #expect(peer.text.contains("a frame took more than 60.0 seconds"))
            await network.advance(by: .seconds(1))
            #expect(server.statistics.connections == 0)
        }
    }

    @Test func aClientThatIsGoneWithoutAWord() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let reason = Mutex<ServerContext.CancellationReason?>(nil)
            let service = TestService { _, context in
                do { try await clock.sleep(for: .seconds(86_000)) } catch {
                    reason.withLock { $0 = context.cancellationReason }
                    throw error
                }
                return "late"
            }
            let server = try await network.server(
                "a", services: [service],
                configuration: .test {
                    $0.keepalive.interval = .seconds(60)
                    $0.keepalive.timeout = .seconds(20)
                })
            let peer = try await network.connect(to: "a")
            try await peer.send(request())
            await network.advance(by: .seconds(59))
            network.partition("a")
            await network.advance(by: .seconds(20))
            #expect(server.statistics.tasks == 1)
            await network.advance(by: .seconds(1))
            #expect(server.statistics.connections == 0)
            #expect(server.statistics.tasks == 0)
            #expect(reason.withLock { $0 } == .connectionLost)
        }
    }

    @Test func aClientThatAnswersPings() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: .test { $0.keepalive.interval = .seconds(60) })
            let peer = try await network.connect(to: "a")
            try await peer.send(hello())
            _ = try await peer.receiveFrame()
            for number in 1...5 {
                await network.advance(by: .seconds(60))
                try await peer.expect(pingFrame(UInt8(number)))
                try await peer.send(pingFrame(UInt8(number), flags: Self.acknowledgement))
            }
            await network.advance(by: .seconds(30))
            #expect(server.statistics.connections == 1)
        }
    }

    @Test func aClientThatPingsTooOften() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo], configuration: configuration { _ in })
            let peer = try await network.connect(to: "a")
            try await peer.send(hello())
            _ = try await peer.receiveFrame()
            for number in 1...4 {
                try await peer.send(pingFrame(UInt8(number)))
                await network.advance(by: .seconds(9))
                if number < 4 { try await peer.expect(pingFrame(UInt8(number), flags: Self.acknowledgement)) }
            }
            try await peer.expectClosing()
            #expect(peer.text.contains("too many pings: this server takes one every 10.0 seconds"))
            #expect(server.statistics.connections == 0)
        }
    }

    @Test func aConnectionWithoutCalls() async throws {
        try await withTestNetwork { network in
            let server = try await network.server(
                "a", services: [TestService.echo],
                configuration: configuration { $0.maxConnectionIdle = .seconds(30) })
            let channel = network.channel(to: "a")
            for _ in 0..<3 {
                _ = try await channel.call("x")
                await network.advance(by: .seconds(29))
            }
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(3))
            #expect(server.statistics.connections == 0)
            let response = try await channel.call("again")
            #expect(response.text == "again")
        }
    }

    @Test func aConnectionThatIsOldDrains() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let service = TestService { request, _ in
                if request == "long" { try await clock.sleep(for: .seconds(150)) }
                return request
            }
            let server = try await network.server(
                "a", services: [service], configuration: configuration { $0.maxConnectionAge = .seconds(100) })
            let channel = network.channel(to: "a", configuration: .test { $0.keepalive = nil })
            async let long = channel.call("long")
            await network.advance(by: .seconds(89))
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(22))
            // New calls go over a new connection; the old one waits for its call.
            _ = try await channel.call("short")
            #expect(server.statistics.connections == 2)
            await network.advance(by: .seconds(45))
            #expect(try await long.text == "long")
            #expect(server.statistics.connections == 1)
        }
    }

    @Test func theGraceOfAnOldConnectionEnds() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let service = TestService { request, _ in
                try await clock.sleep(for: .seconds(1000))
                return request
            }
            let server = try await network.server(
                "a", services: [service],
                configuration: configuration {
                    $0.maxConnectionAge = .seconds(100)
                    $0.maxConnectionAgeGrace = .seconds(10)
                })
            let channel = network.channel(to: "a", configuration: .test { $0.keepalive = nil })
            async let failure = errorOf { try await channel.call("long") }
            await network.advance(by: .seconds(121))
            let error = try await failure
            #expect(error.code == .unavailable)
            #expect(error.message.contains("greatest age"))
            #expect(server.statistics.calls == 0)
        }
    }
}
