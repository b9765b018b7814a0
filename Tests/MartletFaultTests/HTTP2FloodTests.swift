import Martlet
import MartletFaultKit
import Testing

/// Frames without end, each of which costs the server more than its sender.
extension FaultTests {
    struct Flood: Sendable, CustomTestStringConvertible {
        let name: String
        /// What comes first.
        var opening: [UInt8] = []
        /// What comes again and again, by its number.
        let part: @Sendable (Int) -> [UInt8]
        /// Whether the client takes what the server answers.
        var reads = true
        var testDescription: String { name }
    }

    /// A call of ``FaultService`` that stays open.
    private static func open(_ stream: Int, isEnd: Bool = false) -> [UInt8] {
        HTTP2.headers(stream, HTTP2.request("/martlet.faults.Faults/Chat"), isEnd: isEnd)
    }

    private static func id(_ number: Int) -> Int { 2 * number + 1 }

    static let floods = [
        Flood(name: "rapid reset", part: { open(id($0)) + HTTP2.reset(id($0), 8) }),
        Flood(
            name: "CONTINUATION", opening: HTTP2.frame(1, 0, 1, HTTP2.fields(HTTP2.request())),
            part: { _ in HTTP2.frame(9, 0, 1, HTTP2.fields([("a", "b")])) }),
        Flood(
            name: "empty CONTINUATION", opening: HTTP2.frame(1, 0, 1, HTTP2.fields(HTTP2.request())),
            part: { _ in HTTP2.frame(9, 0, 1, []) }),
        Flood(name: "SETTINGS", part: { _ in HTTP2.frame(4, 0, 0, []) }),
        Flood(name: "SETTINGS, unread", part: { _ in HTTP2.frame(4, 0, 0, []) }, reads: false),
        Flood(name: "PING", part: { HTTP2.ping($0) }),
        Flood(name: "PING, unread", part: { HTTP2.ping($0) }, reads: false),
        Flood(name: "empty DATA", opening: open(1), part: { _ in HTTP2.data(1, []) }),
        Flood(name: "WINDOW_UPDATE", opening: open(1), part: { _ in HTTP2.window(0, 1) }),
        Flood(name: "WINDOW_UPDATE of a stream", opening: open(1), part: { _ in HTTP2.window(1, 1) }),
        Flood(name: "PRIORITY", part: { _ in HTTP2.frame(2, 0, 1, [0, 0, 0, 0, 1]) }),
        Flood(name: "credit beyond measure", part: { open(id($0)) + HTTP2.window(id($0), 0x7FFF_FFFF) }),
        Flood(name: "DATA after the end", part: { open(id($0), isEnd: true) + HTTP2.data(id($0), [1]) }),
        Flood(name: "headers that grow", part: { HTTP2.frame(1, 4, id($0), HTTP2.bomb) }),
    ]

    @Test(arguments: floods)
    func flood(_ flood: Flood) async throws {
        let configuration = ServerConfiguration.quiet {
            $0.keepalive.interval = .seconds(1)
            $0.keepalive.timeout = .seconds(1)
        }
        try await withAttack(configuration) { server, port in
            let memoryBefore = residentMiB
            var sent = 0
            for _ in 0..<Scale.number(1, full: 20) {
                let socket = try RawSocket(port: port, receiveBuffer: flood.reads ? nil : 4096)
                let (parts, replies) = run(flood, on: socket)
                sent += parts
                try await eventually("the end of the connection") { server.statistics.connections == 1 }
                guard flood.reads else { continue }
                let end = HTTP2Reply.goAway(in: replies)
                // ENHANCE_YOUR_CALM, or, where one frame is enough, the rule that it breaks.
                #expect([1, 5, 11].contains(end?.code), "\(end?.text ?? "no GOAWAY")")
            }
            #expect(residentMiB - memoryBefore < 100)
            report("flood of \(flood.name)", "ended after \(sent) parts; memory \(memoryBefore) → \(residentMiB) MiB")
        }
    }

    /// Of a flood; far more than the server reads before it ends the connection.
    private static let mostParts = 2_000_000

    /// Sends until the server takes no more: one that can't say its last words drops what comes until it gives them up.
    /// Returns the number of parts, and what the server said.
    private func run(_ flood: Flood, on socket: RawSocket) -> (parts: Int, replies: [UInt8]) {
        var replies: [UInt8] = []
        var parts = 0
        var takes = socket.send(HTTP2.start + flood.opening)
        while takes, parts < Self.mostParts {
            takes = socket.send((parts..<parts + 20).flatMap(flood.part))
            parts += 20
            guard flood.reads else { continue }
            guard let bytes = socket.receiveAll() else { break }
            replies += bytes
        }
        if flood.reads { replies += socket.receiveToTheEnd(within: 5000) ?? [] }
        return (parts, replies)
    }
}
