import Martlet
import MartletFaultKit
import Testing

/// Clients that mean harm, or are broken. The server ends with each in bounded time and memory, and serves the others
/// meanwhile.
extension FaultTests {
    /// Runs `attack` beside a client that is served as if nothing were.
    func withAttack(
        _ configuration: ServerConfiguration = .quiet(),
        _ attack: (_ server: RPCServer, _ port: Int) async throws -> Void
    ) async throws {
        try await withFaultServer(configuration) { server, target in
            let channel = try ClientChannel(target)
            let load = Load(channel, maxMessageBytes: 2000)
            async let running = load.run(callers: 4, seed: 4)
            // An attack may be over sooner than a connection is made: it begins when that one serves, and ends after.
            try await eventually("a call before the attack") { load.current.succeeded > 0 }
            try await attack(server, server.addresses[0].port)
            let succeeded = load.current.succeeded
            try await eventually("a call after the attack") { load.current.succeeded > succeeded }
            load.stop()
            await running.expect(only: [])
            await channel.shutdown()
        }
    }

    /// Clients that say a byte now and then, of their Hello or of a frame that never ends.
    @Test func slowLoris() async throws {
        let clients = Scale.number(20, full: 500)
        raiseFileLimit()
        let configuration = ServerConfiguration.quiet { $0.handshakeTimeout = .milliseconds(300) }
        try await withAttack(configuration) { server, port in
            let sockets = try (0..<clients).map { _ in try RawSocket(port: port) }
            try await eventually { server.statistics.connections == clients + 1 }
            for byte in RawFrame.hello.dropLast() {
                for socket in sockets { socket.send([byte]) }
                try await Task.sleep(for: .milliseconds(30))
            }
            try await eventually("the end of the slow") { server.statistics.connections == 1 }
            for socket in sockets { #expect(socket.receiveToTheEnd(within: 5000) != nil) }
            report("slow loris", "\(clients) clients closed after the handshake's timeout")
        }
    }

    /// Clients that ask for much and read nothing: what they cost is bounded, and they hold up nobody.
    @Test func readersThatNeverRead() async throws {
        let clients = Scale.number(10, full: 200)
        let configuration = ServerConfiguration.quiet()
        try await withAttack(configuration) { server, port in
            let memoryBefore = residentMiB
            var sockets: [RawSocket] = []
            for _ in 0..<clients {
                let socket = try RawSocket(port: port, receiveBuffer: 4096)
                socket.send(RawFrame.hello)
                // 255 messages of 120 bytes each, on as many streams as there may be.
                for stream in 0..<90 {
                    socket.send(
                        RawFrame.request(
                            "Count", stream: UInt32(2 * stream + 1), flags: 0x01, seed: 255, count: 120))
                }
                sockets.append(socket)
            }
            try await Task.sleep(for: .milliseconds(500))
            let queued = server.statistics.queuedBytes
            #expect(queued <= clients * (configuration.maxQueuedBytes + 256 * 1024), "\(queued) bytes")
            report(
                "readers that never read",
                "\(clients) clients × 90 streams: \(queued) bytes queued; memory \(memoryBefore) → \(residentMiB) MiB")
            sockets.removeAll()
            try await eventually("the end of the silent") { server.statistics.connections == 1 }
        }
    }

    /// Frames with every field at its extremes, after a good Hello and in the middle of a call.
    @Test func extremeFrames() async throws {
        let types: [UInt8] = [0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x7F, 0xFF]
        let flags: [UInt8] = [0, 1, 2, 4, 8, 0x10, 0x1F, 0xFF]
        let streams: [UInt32] = [0, 1, 2, 3, 0x7FFF_FFFF, 0xFFFF_FFFF]
        let data: [[UInt8]] = [
            [], [0], [0xFF], [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x0A, 0xFF, 0xFF, 0xFF, 0x7F], [0x09, 1, 2, 3, 4, 5, 6, 7, 8],
        ]
        let every = Scale.number(13, full: 1)
        var number = 0
        try await withAttack { server, port in
            for type in types {
                for flag in flags {
                    for stream in streams {
                        for bytes in data {
                            number += 1
                            guard number % every == 0 else { continue }
                            let socket = try RawSocket(port: port)
                            socket.send(
                                RawFrame.hello + RawFrame.request("Chat", stream: 1, flags: 0x02)
                                    + RawFrame.frame(stream: stream, type: type, flags: flag, bytes))
                        }
                    }
                }
                for length: UInt32 in [0x0001_0001, 0x7FFF_FFFF, 0xFFFF_FFFF] {
                    let socket = try RawSocket(port: port)
                    socket.send(RawFrame.hello + RawFrame.frame(length: length, stream: 1, type: type, [1, 2, 3]))
                    #expect(socket.receiveToTheEnd(within: 5000) != nil, "a frame of \(length) bytes is refused")
                }
            }
            try await eventually("the end of the strange") { server.statistics.connections == 1 }
            report("extreme frames", "\(number / every) frames, each on a connection of its own")
        }
    }

    /// A session of several calls arrives in two parts, cut at every byte, or byte by byte: the answers are the same.
    @Test func partialReads() async throws {
        let session =
            RawFrame.hello + RawFrame.request("Echo", stream: 1) + RawFrame.request("Count", stream: 3, flags: 0x01)
            + RawFrame.request("Sum", stream: 5, flags: 0x02)
            + RawFrame.frame(stream: 5, type: 0x03, flags: 0x01, [7, 0, 0, 0, 0, 0, 0, 0])
            + RawFrame.request("Echo", stream: 7, flags: 0, seed: 9, count: 100)
        try await withFaultServer { server, target in
            let port = try await server.addresses[0].port
            func answers(_ parts: [ArraySlice<UInt8>]) throws -> [UInt8] {
                let socket = try RawSocket(port: port)
                var answers: [UInt8] = []
                for part in parts {
                    socket.send(Array(part))
                    if parts.count == 2 { answers += socket.receive(within: 1) ?? [] }
                }
                // Responses may come in any order: their frames are sorted.
                while frames(answers).filter({ $0[8] == 0x02 }).count < 4, let more = socket.receive(within: 5000),
                    !more.isEmpty
                {
                    answers += more
                }
                return Array(frames(answers).sorted { $0.lexicographicallyPrecedes($1) }.joined())
            }
            let whole = try answers([session[...]])
            #expect(frames(whole).filter { $0[8] == 0x02 }.count == 4)
            for cut in stride(from: 1, to: session.count, by: Scale.number(7, full: 1)) {
                #expect(try answers([session[..<cut], session[cut...]]) == whole, "cut at byte \(cut)")
            }
            #expect(try answers(session.indices.map { session[$0...$0] }) == whole)
            report("partial reads", "\(session.count) bytes cut at each of them, and byte by byte")
        }
    }

    private func frames(_ bytes: [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 10 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 10 + length else { break }
            frames.append(Array(rest.prefix(10 + length)))
            rest = rest.dropFirst(10 + length)
        }
        return frames
    }
}
