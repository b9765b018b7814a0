internal import MartletTransport
internal import NIOCore
private import Synchronization

/// What the parts of a test's network share.
final class NetworkCore: Sendable {
    private struct State {
        var random: SeededRandom
        var link = LinkConditions()
        var links: [String: LinkConditions] = [:]
        var transports: [String: InProcessTransport] = [:]
        var open: [Link] = []
        /// What arrived at servers that are cut off, in order.
        var held: [String: [Held]] = [:]
        var log: [String] = []
        var connections = 0
    }

    private struct Held {
        let loop: VirtualEventLoop
        let body: @Sendable () -> Void
    }

    let time: VirtualTime
    private let state: Mutex<State>

    init(seed: UInt64, time: VirtualTime) {
        self.time = time
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    var link: LinkConditions {
        get { state.withLock { $0.link } }
        set { state.withLock { $0.link = newValue } }
    }

    var links: [String: LinkConditions] {
        get { state.withLock { $0.links } }
        set { state.withLock { $0.links = newValue } }
    }

    func conditions(of server: String) -> LinkConditions { state.withLock { $0.links[server] ?? $0.link } }

    func transport(of server: String) -> InProcessTransport {
        state.withLock { state in
            if let transport = state.transports[server] { return transport }
            let transport = InProcessTransport(server)
            state.transports[server] = transport
            return transport
        }
    }

    func random<R: Sendable>(_ body: (inout SeededRandom) -> R) -> R { state.withLock { body(&$0.random) } }

    // MARK: - The log

    var log: [String] { state.withLock { $0.log } }

    func note(_ event: String) {
        let line = "\(milliseconds(time.now - VirtualTime.start)) ms: \(event)"
        state.withLock { $0.log.append(line) }
    }

    private func milliseconds(_ nanoseconds: UInt64) -> String {
        let fraction = String(nanoseconds / 1000 % 1000)
        return "\(nanoseconds / 1_000_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    // MARK: - Connections

    func newConnectionName(of client: String) -> String {
        state.withLock { state in
            state.connections += 1
            return "\(client)#\(state.connections)"
        }
    }

    /// Keeps the connection within reach of faults until it closes.
    func add(_ link: Link) {
        state.withLock { $0.open.append(link) }
        link.ends.client.closeFuture.whenComplete { _ in
            self.state.withLock { $0.open.removeAll { $0 === link } }
        }
    }

    func connections(to server: String) -> [Link] { state.withLock { $0.open.filter { $0.server == server } } }

    // MARK: - Partitions

    func partition(_ server: String) {
        note("\(server) is cut off")
        state.withLock { if $0.held[server] == nil { $0.held[server] = [] } }
    }

    /// Everything held arrives now.
    func heal(_ server: String) {
        note("\(server) is within reach again")
        for held in state.withLock({ $0.held.removeValue(forKey: server) }) ?? [] { held.loop.execute(held.body) }
    }

    func healAll() {
        for server in state.withLock({ $0.held.keys.sorted() }) { heal(server) }
    }

    /// Runs `body` now, or on the loop when the server is within reach again.
    func unlessPartitioned(_ server: String, on loop: VirtualEventLoop, _ body: @escaping @Sendable () -> Void) {
        let isHeld = state.withLock { state in
            state.held[server]?.append(Held(loop: loop, body: body)) != nil
        }
        if !isHeld { body() }
    }
}
