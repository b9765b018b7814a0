import MartletCore
import MartletWire
import Testing

/// HTTP/2 clients that mean harm: the connection ends with a reason, and what it took until then is little.
struct HTTP2AbuseTests {
    struct Attack: CustomTestStringConvertible {
        let name: String
        /// What comes first.
        var opening: [UInt8] = []
        /// What comes again and again, by its number.
        let part: @Sendable (Int) -> [UInt8]
        /// How often, at most.
        let times: Int
        /// The code of the GOAWAY.
        let code: Int
        var testDescription: String { name }
    }

    static func opening(_ stream: Int) -> [UInt8] { HTTP2.headers(stream, HTTP2.request()) }
    private static func stream(_ number: Int) -> Int { 2 * number + 1 }

    static let attacks = [
        Attack(name: "empty DATA", opening: opening(1), part: { _ in HTTP2.data(1, []) }, times: 1100, code: 11),
        Attack(
            name: "padding alone", opening: opening(1), part: { _ in HTTP2.frame(0, 8, 1, [2, 0, 0]) }, times: 1100,
            code: 11),
        Attack(name: "PING", part: { HTTP2.ping($0) }, times: 1100, code: 11),
        Attack(name: "SETTINGS", part: { _ in HTTP2.frame(4, 0, 0, []) }, times: 1100, code: 11),
        Attack(
            name: "settings without end", part: { _ in HTTP2.frame(4, 0, 0, Array(repeating: 0, count: 6 * 33)) },
            times: 1, code: 11),
        Attack(name: "WINDOW_UPDATE", part: { _ in HTTP2.window(0, 1) }, times: 1100, code: 11),
        Attack(name: "PRIORITY", part: { _ in HTTP2.frame(2, 0, 1, [0, 0, 0, 0, 1]) }, times: 1100, code: 11),
        Attack(
            name: "rapid reset", part: { opening(stream($0)) + HTTP2.reset(stream($0), 8) }, times: 2100, code: 11),
        Attack(
            name: "streams that the server must reset",
            part: { opening(stream($0)) + HTTP2.window(stream($0), 0x7FFF_FFFF) }, times: 1100, code: 11),
        Attack(
            name: "credit of nothing", part: { opening(stream($0)) + HTTP2.window(stream($0), 0) }, times: 1, code: 1),
        Attack(
            name: "a header block without end", opening: HTTP2.frame(1, 0, 1, HTTP2.fields(HTTP2.request())),
            part: { _ in HTTP2.frame(9, 0, 1, HTTP2.fields([("a", "b")])) }, times: 20, code: 11),
    ]

    @Test(arguments: attacks)
    func attack(_ attack: Attack) {
        let exchange = GRPCExchange(WireLimits(maxConcurrentStreams: 5000))
        _ = exchange.feed(HTTP2.start + attack.opening, .whole)
        var failure: String?
        for number in 0..<attack.times where failure == nil {
            for event in exchange.feed(attack.part(number), .whole) {
                if event.hasPrefix("request \(Self.stream(number)) ") { continue }
                if event.hasPrefix("failed") { failure = event }
            }
            let replies = exchange.replies()
            if let last = replies.last(where: { $0.hasPrefix("GOAWAY") }) {
                #expect(last.split(separator: " ")[2] == "\(attack.code)", "\(last)")
                failure = failure ?? last
            }
        }
        #expect(failure != nil)
        #expect(exchange.queuedBytes == 0)
    }

    /// Clients give up calls all the time. Fewer than nghttp2 lets go at once, since its clock can't be wound.
    @Test func cancellationIsNoAttack() {
        let exchange = GRPCExchange(WireLimits())
        _ = exchange.feed(HTTP2.start, .whole)
        var cancelled = 0
        for second in 0..<2 {
            for number in 0..<900 {
                let id = Self.stream(second * 900 + number)
                let events =
                    exchange.feed(Self.opening(id), .whole) + exchange.feed(HTTP2.reset(id, 8), .whole)
                cancelled += events.count { $0 == "cancel \(id) CANCELLED" }
                _ = exchange.replies()
            }
            exchange.tick()
        }
        #expect(cancelled == 1800)
    }

    @Test func headersThatGrow() {
        let exchange = GRPCExchange(WireLimits())
        let events = exchange.feed(HTTP2.start + HTTP2.frame(1, 4, 1, HTTP2.bomb) + HTTP2.ping(1), .whole)
        #expect(events == ["ttrpc"])
        #expect(exchange.replies() == ["PING 1 ack", "RST_STREAM 1 2"])
        // The connection goes on.
        #expect(exchange.feed(HTTP2.headers(3, HTTP2.request(), isEnd: true), .whole).count == 2)
    }
}
