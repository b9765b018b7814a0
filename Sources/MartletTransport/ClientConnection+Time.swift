internal import MartletCore
internal import NIOCore

/// Deadlines and the connection's own timers: on the loop only.
extension ClientConnection {
    func armDeadlineTimer(_ earliest: UInt64) {
        deadlineTimer.arm(at: earliest, on: executor.loop) { self.expireCalls() }
    }

    private func expireCalls() {
        deadlineTimer.fired()
        let now = executor.uptimeNanoseconds
        let (expired, earliest) = flushing { shared in (shared.expire(at: now), shared.earliestDeadline) }
        for call in expired {
            call.end(call.expiredError(stage: "while waiting for \(peer)"), dropsMessages: true)
        }
        if let earliest { armDeadlineTimer(earliest) }
        callsEnded()
    }

    func checkClock() {
        clockTimer = nil
        guard context != nil else { return }
        let now = executor.uptimeNanoseconds
        switch clock.check(at: now, hasCalls: withShared { $0.hasCalls }) {
        case .wait(let time):
            guard let time else { return }
            clockTimer = executor.loop.scheduleTask(deadline: .uptimeNanoseconds(min(time, UInt64(Int64.max)))) {
                self.checkClock()
            }
        case .ping(let number):
            _ = flushing { $0.ping(number) }
            checkClock()
        case .handshakeTimedOut:
            fail(
                .handshakeTimeout, code: .deadlineExceeded,
                """
                it said no \(configuration.greeting) within \(configuration.clock.handshakeTimeout ?? .zero); \
                \(configuration.doubt)
                """)
        case .keepaliveTimedOut:
            fail(
                .keepaliveTimeout, code: .unavailable,
                "it answered no ping within \(configuration.clock.pingTimeout) and is taken for dead")
        case .closeIdle:
            drain("nobody has called for \(configuration.clock.idleTimeout ?? .zero)")
            observer.connectionDraining(self)
        }
    }
}
