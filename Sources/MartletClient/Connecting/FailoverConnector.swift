internal import MartletCore
internal import MartletTransport
internal import NIOCore

/// Connects to one server by the first of its addresses that answers: each gets a head start of 250 ms over the next, or
/// less if it fails before (RFC 8305, section 5).
struct FailoverConnector: Connector {
    private let connectors: [any Connector]

    /// - Parameter connectors: At least one.
    init(_ connectors: [any Connector]) { self.connectors = connectors }

    func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        if connectors.count == 1 { return connectors[0].connect(on: loop, timeout: timeout, prepare: prepare) }
        return loop.flatSubmit {
            let race = Race(connectors, on: loop, timeout: timeout, prepare)
            race.begin(0)
            return race.outcome.futureResult
        }
    }

    /// Unchecked: touched on the loop only.
    private final class Race: @unchecked Sendable {
        let outcome: EventLoopPromise<Void>
        private let connectors: [any Connector]
        private let loop: any EventLoop
        private let timeout: Duration
        private let prepare: @Sendable (any Channel) throws -> Void
        private var failures = 0
        private var next = 0
        private var isWon = false

        init(
            _ connectors: [any Connector], on loop: any EventLoop, timeout: Duration,
            _ prepare: @escaping @Sendable (any Channel) throws -> Void
        ) {
            self.connectors = connectors
            self.loop = loop
            self.timeout = timeout
            self.prepare = prepare
            outcome = loop.makePromise()
        }

        /// Tries an address, unless that was done before or isn't needed.
        func begin(_ index: Int) {
            guard index == next, index < connectors.count, !isWon else { return }
            next += 1
            let attempt = connectors[index].connect(on: loop, timeout: timeout) { channel in
                guard !self.isWon else { throw Lost() }
                try self.prepare(channel)
                self.isWon = true
            }
            attempt.whenComplete { result in
                switch result {
                case .success: self.outcome.succeed()
                case .failure(let error): self.failed(error, index)
                }
            }
            loop.scheduleTask(in: .milliseconds(250)) { self.begin(index + 1) }
        }

        private func failed(_ error: any Error, _ index: Int) {
            failures += 1
            if failures == connectors.count { outcome.fail(error) } else { begin(index + 1) }
        }
    }

    /// The attempt isn't needed any more.
    private struct Lost: Error {}
}
