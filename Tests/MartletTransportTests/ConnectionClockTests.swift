import MartletTransport
import Testing

@Suite struct ConnectionClockTests {
    private static let second: UInt64 = 1_000_000_000

    private func clock(_ change: (inout ConnectionClock.Settings) -> Void) -> ConnectionClock {
        var settings = ConnectionClock.Settings()
        change(&settings)
        return ConnectionClock(settings, now: 0)
    }

    @Test func aHelloMayNotTakeForever() {
        var clock = clock { $0.handshakeTimeout = .seconds(10) }
        #expect(clock.check(at: 9 * Self.second, hasCalls: true) == .wait(until: 10 * Self.second))
        #expect(clock.check(at: 10 * Self.second, hasCalls: true) == .handshakeTimedOut)
        clock.established(at: 10 * Self.second, hasPing: true)
        #expect(clock.check(at: 99 * Self.second, hasCalls: true) == .wait(until: nil))
    }

    @Test func silenceIsAskedAboutAndEndsTheConnection() {
        var clock = clock {
            $0.pingInterval = .seconds(30)
            $0.pingTimeout = .seconds(20)
        }
        #expect(clock.check(at: 0, hasCalls: true) == .wait(until: 10 * Self.second))
        clock.established(at: Self.second, hasPing: true)
        clock.received(at: 5 * Self.second)
        #expect(clock.check(at: 31 * Self.second, hasCalls: true) == .wait(until: 35 * Self.second))
        #expect(clock.check(at: 35 * Self.second, hasCalls: true) == .ping(1))
        #expect(clock.check(at: 35 * Self.second, hasCalls: true) == .wait(until: 55 * Self.second))
        clock.received(at: 54 * Self.second)
        #expect(clock.check(at: 55 * Self.second, hasCalls: true) == .wait(until: 84 * Self.second))
        #expect(clock.check(at: 84 * Self.second, hasCalls: true) == .ping(2))
        #expect(clock.check(at: 104 * Self.second, hasCalls: true) == .keepaliveTimedOut)
    }

    @Test func silenceWithoutCallsCountsOnlyIfAsked() {
        var quiet = clock { $0.pingInterval = .seconds(30) }
        quiet.established(at: 0, hasPing: true)
        #expect(quiet.check(at: 40 * Self.second, hasCalls: false) == .wait(until: 70 * Self.second))
        #expect(quiet.check(at: 70 * Self.second, hasCalls: true) == .ping(1))
        var asking = clock {
            $0.pingInterval = .seconds(30)
            $0.pingsWithoutCalls = true
        }
        asking.established(at: 0, hasPing: true)
        #expect(asking.check(at: 40 * Self.second, hasCalls: false) == .ping(1))
    }

    @Test func aWireWithoutPingsIsNotAsked() {
        var clock = clock { $0.pingInterval = .seconds(30) }
        clock.established(at: 0, hasPing: false)
        #expect(clock.check(at: 99 * Self.second, hasCalls: true) == .wait(until: nil))
    }

    @Test func aConnectionThatNobodyUsesCloses() {
        var clock = clock { $0.idleTimeout = .seconds(60) }
        clock.established(at: 0, hasPing: true)
        #expect(clock.check(at: 50 * Self.second, hasCalls: true) == .wait(until: 110 * Self.second))
        clock.callsEnded(at: 80 * Self.second)
        #expect(clock.check(at: 110 * Self.second, hasCalls: false) == .wait(until: 140 * Self.second))
        #expect(clock.check(at: 140 * Self.second, hasCalls: false) == .closeIdle)
    }
}
