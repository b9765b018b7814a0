import Martlet
import MartletFaultKit
import Testing

/// HTTP/2 clients that let the server wait, or give it more than it asked for.
extension FaultTests {
    /// The bytes of a call whose only request is of so many bytes, and whose responses are too.
    private func call(_ method: String, _ stream: Int, seed: UInt64, count: Int) throws -> [UInt8] {
        let payload = try Payload(seed: seed, count: count).serialized()
        return HTTP2.headers(stream, HTTP2.request("/martlet.faults.Faults/\(method)"))
            + HTTP2.data(stream, HTTP2.message(payload), isEnd: true)
    }

    /// How a client lets responses wait while it gives other signs of life.
    enum Hold: String, CaseIterable {
        /// Streams begin without credit, and the connection gets more.
        case streams
        /// The connection's first credit is all that there is, and a stream gets more.
        case connection
        /// The same on the native wire.
        case native

        var opening: [UInt8] {
            switch self {
            case .streams: HTTP2.preface + HTTP2.frame(4, 0, 0, [0, 4, 0, 0, 0, 0])
            case .connection: HTTP2.start
            case .native: RawFrame.hello
            }
        }

        var signOfLife: [UInt8] {
            switch self {
            case .streams: HTTP2.window(0, 1)
            case .connection: HTTP2.window(1, 1)
            case .native: RawFrame.frame(stream: 1, type: 0x13, [0x08, 0x01])
            }
        }
    }

    @Test(arguments: Hold.allCases)
    func responsesThatNobodyTakes(_ hold: Hold) async throws {
        let clients = Scale.number(3, full: 50)
        let configuration = ServerConfiguration.quiet { $0.stallTimeout = .seconds(3) }
        try await withAttack(configuration) { server, port in
            let memoryBefore = residentMiB
            let sockets = try (0..<clients).map { _ in try RawSocket(port: port) }
            for socket in sockets {
                socket.send(hold.opening)
                for number in 0..<90 {
                    let stream = 2 * number + 1
                    try socket.send(
                        hold == .native
                            ? RawFrame.request("Count", stream: UInt32(stream), flags: 0x01, seed: 255, count: 120)
                            : call("Count", stream, seed: 255, count: 4096))
                }
            }
            try await eventually("something that waits") { server.statistics.queuedBytes > 20_000 }
            var most = 0
            var replies = [[UInt8]](repeating: [], count: clients)
            for _ in 0..<200 where server.statistics.connections > 1 {
                for (index, socket) in sockets.enumerated() {
                    socket.send(hold.signOfLife)
                    replies[index] += socket.receiveAll() ?? []
                }
                most = max(most, server.statistics.queuedBytes)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(server.statistics.connections == 1)
            // Each stream keeps 64 KiB and a message.
            #expect(most <= clients * 90 * (64 + 8) * 1024, "\(most) bytes")
            #expect(residentMiB - memoryBefore < Double(clients) * 20 + 100)
            if hold != .native {
                for replies in replies {
                    #expect(HTTP2Reply.goAway(in: replies)?.text.contains("took nothing of its replies") == true)
                }
            }
            report(
                "responses that nobody takes (\(hold))",
                "\(clients) clients × 90 streams: \(most) bytes queued, closed after the stall's timeout")
        }
    }

    /// What comes byte by byte and never ends.
    @Test(
        arguments: [
            ("the preface", [], HTTP2.preface.dropLast()),
            ("the first SETTINGS", HTTP2.preface, HTTP2.frame(4, 0, 0, Array(repeating: 0, count: 180)).dropLast()),
            (
                "a header block", HTTP2.start + HTTP2.frame(1, 0, 1, HTTP2.fields(HTTP2.request())),
                HTTP2.frame(9, 0, 1, HTTP2.fields([("a", String(repeating: "b", count: 300))])).dropLast()
            ),
        ] as [(String, [UInt8], ArraySlice<UInt8>)])
    func framesThatNeverEnd(_ name: String, _ opening: [UInt8], _ trickle: ArraySlice<UInt8>) async throws {
        let clients = Scale.number(10, full: 200)
        raiseFileLimit()
        let configuration = ServerConfiguration.quiet {
            $0.handshakeTimeout = .seconds(1)
            $0.frameTimeout = .seconds(1)
        }
        try await withAttack(configuration) { server, port in
            let sockets = try (0..<clients).map { _ in try RawSocket(port: port) }
            for socket in sockets { socket.send(opening) }
            try await eventually { server.statistics.connections == clients + 1 }
            for byte in trickle where server.statistics.connections > 1 {
                for socket in sockets { socket.send([byte]) }
                try await Task.sleep(for: .milliseconds(20))
            }
            try await eventually("the end of the slow") { server.statistics.connections == 1 }
            report("frames that never end (\(name))", "\(clients) clients closed after their time")
        }
    }

    /// Streams that the server's settings don't allow, before the client says that it has taken them and after.
    @Test func streamsOverTheLimit() async throws {
        let configuration = ServerConfiguration.quiet { $0.maxConcurrentCallsPerConnection = 20 }
        try await withAttack(configuration) { server, port in
            let socket = try RawSocket(port: port)
            func open(_ numbers: Range<Int>) -> [UInt8] {
                numbers.flatMap { HTTP2.headers(2 * $0 + 1, HTTP2.request("/martlet.faults.Faults/Chat")) }
            }
            socket.send(HTTP2.start + open(0..<200))
            var replies: [UInt8] = []
            try await eventually("refusals") {
                replies += socket.receiveAll() ?? []
                return HTTP2Reply.resets(in: replies).count == 180
            }
            // REFUSED_STREAM: safe to retry. The load has four calls at most.
            #expect(Set(HTTP2Reply.resets(in: replies)) == [7])
            #expect(server.statistics.calls <= 24)

            let acknowledgement = HTTP2.frame(4, 1, 0, [])
            socket.send(acknowledgement + open(200..<400))
            try await eventually("the end of the connection") { server.statistics.connections == 1 }
            replies += socket.receiveToTheEnd(within: 5000) ?? []
            #expect(HTTP2Reply.goAway(in: replies)?.code == 1)
        }
    }

    /// 4 MiB that are 4 GiB once they are inflated.
    @Test(arguments: ["gzip", "deflate"])
    func zipBombs(_ encoding: String) async throws {
        let count = 4 << 20
        let bomb = encoding == "gzip" ? ZipBomb.gzip(count: count) : ZipBomb.deflate(count: count)
        let message = HTTP2.message(bomb, flag: 1)
        try await withAttack { server, port in
            let memoryBefore = residentMiB
            var mostMemory = memoryBefore
            for _ in 0..<Scale.number(2, full: 50) {
                let socket = try RawSocket(port: port)
                let request = HTTP2.request("/martlet.faults.Faults/Echo", [("grpc-encoding", encoding)])
                socket.send(HTTP2.start + HTTP2.headers(1, request))
                var replies: [UInt8] = []
                for start in stride(from: 0, to: message.count, by: 16 << 10) {
                    let end = min(message.count, start + 16 << 10)
                    // What a stream has in the beginning, and gets.
                    while end > 65_535 + HTTP2Reply.credit(of: 1, in: replies), let more = socket.receive(within: 5000),
                        !more.isEmpty
                    {
                        replies += more
                    }
                    socket.send(HTTP2.data(1, Array(message[start..<end]), isEnd: end == message.count))
                }
                func answer() -> HTTP2Reply? { HTTP2Reply.all(in: replies).first { $0.type == 1 } }
                try await eventually("an answer; \(HTTP2Reply.goAway(in: replies)?.text ?? "no end")") {
                    replies += socket.receiveAll() ?? []
                    mostMemory = max(mostMemory, residentMiB)
                    return answer() != nil
                }
                // `grpc-status: 8`, whose value is written as it is: a length and a digit.
                let block = answer()?.payload ?? []
                #expect(block.indices.dropLast().contains { block[$0...($0 + 1)] == [1, UInt8(ascii: "8")] })
            }
            #expect(mostMemory - memoryBefore < 150)
            report("zip bombs (\(encoding))", "memory \(memoryBefore) → \(mostMemory) MiB")
            try await eventually { server.statistics.connections == 1 }
        }
    }
}
