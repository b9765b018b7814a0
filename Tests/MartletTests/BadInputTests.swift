import Martlet
import MartletTesting
import MartletWire
import NIOCore
import Testing

/// What strangers may send: each ends with a readable reason, others are still served, and nothing is left behind
/// (`withServer` checks the statistics).
@Suite struct BadInputTests {
    /// A client's Hello, followed by what `more` writes.
    private func hello(_ more: (inout ClientWire, inout ByteBuffer) -> Void = { _, _ in }) -> [UInt8] {
        var wire = ClientWire(implementation: NativeImplementation(name: "test", version: "0"))
        var output = ByteBuffer()
        wire.start(into: &output)
        more(&wire, &output)
        return Array(output.readableBytesView)
    }

    private func request(_ payload: [UInt8] = [1]) -> [UInt8] {
        hello { wire, output in
            _ = wire.request(
                service: "test.Service", method: "Call", form: .only(streamsResponses: false),
                payloadSize: payload.count, timeoutNanoseconds: nil,
                metadata: [:], into: &output
            ) { target in
                payload.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            }
        }
    }

    @Test(arguments: [
        ("the bytes ee ee ee", Array(repeating: UInt8(0xEE), count: 100)),
        ("a TLS handshake", [0x16, 0x03, 0x01, 0x00, 0xA5, 0x01, 0x00, 0x00, 0xA1, 0x03, 0x03, 0x00]),
        ("a plain ttrpc Response", [0, 0, 0, 4, 0, 0, 0, 1, 2, 0, 0x0A, 0x02, 0x73, 0x73]),
    ])
    func aStrangeFirstFrameClosesWithAReason(name: String, bytes: [UInt8]) async throws {
        try await withServerAndChannel(TestService.echo) { server, channel in
            _ = try await channel.call("before")
            let stranger = try await ScriptedPeer.connect(port: server.addresses[0].port)
            try await stranger.send(bytes)
            try await stranger.expectClosing()
            #expect(stranger.text.contains(name), "got: \(stranger.text)")
            #expect(
                stranger.text.contains("this port takes Martlet's native wire, gRPC, HTTP"), "got: \(stranger.text)")
            let after = try await channel.call("after")
            #expect(after.text == "after")
        }
    }

    @Test func aFrameOverTheLimitClosesWithBothNumbers() async throws {
        try await withServer(TestService.echo, configuration: .test { $0.maxMessageBytes = 1 << 16 }) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(hello() + [0, 2, 0, 0, 0, 0, 0, 1, 1, 0])
            try await peer.expectClosing()
            #expect(peer.text.contains("131072") && peer.text.contains("65536"), "got: \(peer.text)")
        }
    }

    @Test func aClientThatSaysNothingIsClosedInTime() async throws {
        try await withServer(TestService.echo, configuration: .test { $0.handshakeTimeout = .milliseconds(50) }) {
            server, port in
            let silent = try await ScriptedPeer.connect(port: port)
            try await silent.expectClosing()
            #expect(silent.text.contains("no HELLO within 0.05 seconds"), "got: \(silent.text)")
        }
    }

    @Test func aConnectionClosedInMidCallCancelsItsHandlers() async throws {
        let service = TestService { _, _ in
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        try await withServer(service) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.send(request())
            try await eventually { server.statistics.calls == 1 && server.statistics.tasks == 1 }
            try await peer.close()
            try await eventually { service.noted == ["cancelled"] && server.statistics.isEmpty }
        }
    }

    @Test func aConnectionClosedInMidFrameLeavesNothing() async throws {
        try await withServer(TestService.echo) { server, port in
            for length in stride(from: 1, to: request().count, by: 7) {
                let peer = try await ScriptedPeer.connect(port: port)
                try await peer.send(Array(request().prefix(length)))
                try await peer.close()
            }
            try await eventually { server.statistics.isEmpty }
        }
    }

    @Test func aClientThatDoesNotReadIsNotReadEither() async throws {
        let service = TestService { _, _ in Text(count: 100_000) }
        try await withServer(service, configuration: .test { $0.maxQueuedBytes = 200_000 }) { server, port in
            let deaf = try await ScriptedPeer.connect(port: port, reads: false)
            let requests = hello { wire, output in
                for _ in 0..<100 {
                    _ = wire.request(
                        service: "test.Service", method: "Call", form: .only(streamsResponses: false), payloadSize: 1,
                        timeoutNanoseconds: nil,
                        metadata: [:], into: &output
                    ) { $0.storeBytes(of: 1, as: UInt8.self) }
                }
            }
            deaf.sendWithoutWaiting(requests)
            // The kernel's buffers take some of the 10 MB; what is left must wait as unread requests.
            try await eventually("a full queue") { server.statistics.queuedBytes > 100_000 }
            for _ in 0..<50 {
                #expect(server.statistics.queuedBytes < 800_000)
                try await Task.sleep(for: .milliseconds(2))
            }
            let other = try ClientChannel("tcp://127.0.0.1:\(port)")
            let response = try await other.call("x")
            #expect(response.bytes.count == 100_000)
            await other.shutdown()
            try await deaf.close()
            try await eventually { server.statistics.isEmpty }
        }
    }

    /// Bytes that begin well and then go wrong in a seeded way.
    @Test(arguments: 0..<20)
    func mutatedBytesNeverHurtOthers(seed: Int) async throws {
        try await withServerAndChannel(TestService.echo) { server, channel in
            var random = SeededRandom(state: UInt64(seed) + 1)
            let port = try await server.addresses[0].port
            for _ in 0..<10 {
                var bytes = request(Array(repeating: 7, count: 50))
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                let peer = try await ScriptedPeer.connect(port: port)
                try await peer.send(bytes)
                try? await peer.close()
            }
            let response = try await channel.call("fine")
            #expect(response.text == "fine")
        }
    }

    private struct SeededRandom: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }
}
