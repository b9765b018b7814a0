import MartletCore
import MartletTransport
import Testing

/// Times are seconds here.
@Suite struct ConnectionLifecycleTests {
    private func lifecycle(
        established: Bool = true, jitter: Double = 0, _ change: (inout ConnectionTimes) -> Void = { _ in }
    ) -> ConnectionLifecycle {
        var times = ConnectionTimes()
        times.keepaliveInterval = nil
        change(&times)
        var lifecycle = ConnectionLifecycle(times, jitter: jitter, now: 0)
        if established { lifecycle.established(now: 0) }
        return lifecycle
    }

    private func s(_ seconds: Double) -> UInt64 { UInt64(seconds * 1_000_000_000) }

    @Test func withoutLimitsNothingIsEverDue() {
        #expect(lifecycle().next == .max)
    }

    @Test func theHandshakeHasItsTime() {
        var lifecycle = lifecycle(established: false) { $0.handshake = .seconds(10) }
        #expect(lifecycle.next == s(10))
        #expect(lifecycle.due(s(10) - 1) == nil)
        #expect(
            lifecycle.due(s(10))
                == .close(.deadlineExceeded, "no HELLO within 10.0 seconds; is the peer a Martlet client?"))
        #expect(lifecycle.due(s(11)) == nil)
    }

    @Test func halfAFrameHasItsTimeHoweverItTrickles() {
        var lifecycle = lifecycle { $0.frame = .seconds(60) }
        lifecycle.waitsForFrame(isNew: true, now: s(5))
        for second in 6..<65 {
            lifecycle.received(now: s(Double(second)))
            lifecycle.waitsForFrame(isNew: false, now: s(Double(second)))
        }
        #expect(lifecycle.due(s(64)) == nil)
        #expect(lifecycle.due(s(65)) == .close(.deadlineExceeded, "a frame took more than 60.0 seconds"))
    }

    @Test func eachFrameHasItsOwnTime() {
        var lifecycle = lifecycle { $0.frame = .seconds(60) }
        lifecycle.waitsForFrame(isNew: true, now: s(5))
        lifecycle.waitsForFrame(isNew: true, now: s(50))
        #expect(lifecycle.next == s(110))
        lifecycle.waitsForNothing()
        #expect(lifecycle.next == .max)
    }

    @Test func messagesThatWaitWithoutMovingAreTheEnd() {
        var lifecycle = lifecycle { $0.stall = .seconds(60) }
        // When; whether messages wait then; what has been sent so far; when that is too long.
        let steps: [(second: Double, waits: Bool, sent: Int, due: Double?)] = [
            (5, false, 100, nil), (10, true, 100, 70), (40, true, 100, 70), (50, true, 101, 110), (60, true, 101, 110),
            (70, false, 101, nil), (80, false, 200, nil), (90, true, 200, 150),
        ]
        for step in steps {
            lifecycle.received(now: s(step.second))
            lifecycle.messagesWait(step.waits, sent: step.sent, now: s(step.second))
            #expect(lifecycle.next == step.due.map(s) ?? .max, "\(step)")
        }
        #expect(lifecycle.due(s(150) - 1) == nil)
        #expect(
            lifecycle.due(s(150))
                == .close(.deadlineExceeded, "the client took nothing of its replies for 60.0 seconds"))
        #expect(lifecycle.next == .max)
    }

    @Test func messagesMayWaitForEverIfNothingLimitsIt() {
        var lifecycle = lifecycle { $0.stall = nil }
        lifecycle.messagesWait(true, sent: 1, now: s(5))
        #expect(lifecycle.next == .max)
    }

    @Test func whatWaitsIsForgottenWhenTheLastWordsAreSaid() {
        var lifecycle = lifecycle {
            $0.stall = .seconds(1)
            $0.closing = .seconds(10)
        }
        lifecycle.messagesWait(true, sent: 0, now: s(1))
        lifecycle.closing(now: s(1))
        lifecycle.messagesWait(true, sent: 0, now: s(1))
        #expect(lifecycle.next == s(11))
    }

    @Test func silenceIsAnsweredWithAPingAndMoreSilenceWithTheEnd() {
        var lifecycle = lifecycle {
            $0.keepaliveInterval = .seconds(60)
            $0.keepaliveTimeout = .seconds(20)
        }
        lifecycle.received(now: s(10))
        #expect(lifecycle.due(s(69)) == nil)
        #expect(lifecycle.due(s(70)) == .ping(1))
        #expect(lifecycle.due(s(70)) == nil)
        #expect(lifecycle.next == s(90))
        lifecycle.received(now: s(80))
        #expect(lifecycle.due(s(90)) == nil)
        #expect(lifecycle.due(s(140)) == .ping(2))
        #expect(
            lifecycle.due(s(160)) == .abort(reason: "no sign of life within 20.0 seconds after a ping"))
    }

    @Test func aWireWithoutPingsIsNotClosedForSilence() {
        var lifecycle = lifecycle { $0.keepaliveInterval = .seconds(60) }
        #expect(lifecycle.due(s(60)) == .ping(1))
        lifecycle.cannotPing()
        #expect(lifecycle.next == .max)
    }

    @Test func theThirdEarlyPingIsTooMany() {
        var lifecycle = lifecycle { $0.clientPingInterval = .seconds(10) }
        #expect(lifecycle.clientPinged(now: s(100)) == nil)
        #expect(lifecycle.clientPinged(now: s(109)) == nil)
        #expect(lifecycle.clientPinged(now: s(118)) == nil)
        #expect(
            lifecycle.clientPinged(now: s(127))
                == .close(.resourceExhausted, "too many pings: this server takes one every 10.0 seconds, not more"))
    }

    @Test func pingsAtTheirIntervalAreWelcome() {
        var lifecycle = lifecycle { $0.clientPingInterval = .seconds(10) }
        for ping in 0..<100 {
            #expect(lifecycle.clientPinged(now: s(Double(ping) * 10)) == nil)
            if ping % 2 == 0 { #expect(lifecycle.clientPinged(now: s(Double(ping) * 10)) == nil) }
        }
    }

    @Test func aConnectionWithoutCallsIsIdle() {
        var lifecycle = lifecycle { $0.idle = .seconds(30) }
        lifecycle.callsBegan()
        #expect(lifecycle.next == .max)
        lifecycle.callsEnded(now: s(100))
        #expect(lifecycle.due(s(129)) == nil)
        #expect(lifecycle.due(s(130)) == .drain(reason: "the connection had no calls for 30.0 seconds"))
        #expect(lifecycle.next == .max)
    }

    @Test func anOldConnectionDrainsAndThenEndsItsCalls() {
        var lifecycle = lifecycle {
            $0.age = .seconds(100)
            $0.ageGrace = .seconds(5)
        }
        lifecycle.callsBegan()
        #expect(lifecycle.due(s(99)) == nil)
        #expect(lifecycle.due(s(100)) == .drain(reason: "the connection has reached its greatest age"))
        #expect(lifecycle.next == s(105))
        #expect(
            lifecycle.due(s(105))
                == .endCalls(reason: "the connection reached its greatest age before the call had ended"))
    }

    @Test(arguments: [(-1.0, 90.0), (0.0, 100.0), (1.0, 110.0)])
    func theAgeIsSpreadByATenth(jitter: Double, age: Double) {
        #expect(lifecycle(jitter: jitter) { $0.age = .seconds(100) }.next == s(age))
    }

    @Test func lastWordsHaveTheirTime() {
        var lifecycle = lifecycle {
            $0.closing = .seconds(10)
            $0.age = .seconds(5)
            $0.keepaliveInterval = .seconds(1)
        }
        lifecycle.closing(now: s(3))
        #expect(lifecycle.next == s(13))
        #expect(
            lifecycle.due(s(13)) == .abort(reason: "the client didn't take the last words within 10.0 seconds"))
    }
}
