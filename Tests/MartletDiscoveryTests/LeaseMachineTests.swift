import Martlet
import Testing

@testable import MartletDiscovery

/// When an instance is put in, renewed and put in again, without a clock: times are in seconds here.
@Suite struct LeaseMachineTests {
    private let unavailable = RPCError(.unavailable, "the registry doesn't answer")
    private let grant = LeaseGrant(id: 7, ttl: .seconds(10))

    private func seconds(_ seconds: Double) -> UInt64 { UInt64(seconds * 1000) * 1_000_000 }

    /// Registered at 100 s, with no chance in it.
    private func registered() -> LeaseMachine {
        var machine = LeaseMachine()
        _ = machine.action(at: seconds(100))
        _ = machine.wasPut(grant, sent: seconds(100), random: 0.5)
        return machine
    }

    @Test func itIsPutInAndRenewedAfterAThirdOfItsTime() {
        var machine = LeaseMachine()
        #expect(machine.action(at: seconds(100)) == .put(nil))
        #expect(machine.wasPut(grant, sent: seconds(100), random: 0.5) == .registered)
        let renewal = seconds(100) + 3_333_333_333
        #expect(machine.action(at: seconds(101)) == .wait(until: renewal))
        #expect(machine.action(at: renewal) == .renew(grant))
        #expect(machine.wasRenewed(sent: renewal, random: 0.5) == .renewed)
        #expect(machine.action(at: renewal) == .wait(until: renewal + 3_333_333_333))
    }

    @Test(arguments: [(0.0, 3_000_000_000), (1.0, 3_666_666_666)] as [(Double, UInt64)])
    func renewalsVaryByATenth(_ random: Double, _ pause: UInt64) {
        var machine = LeaseMachine()
        _ = machine.action(at: 0)
        _ = machine.wasPut(grant, sent: 0, random: random)
        #expect(machine.action(at: 0) == .wait(until: pause))
    }

    /// 0.5 s, then longer and longer, up to 30 s.
    @Test func attemptsToRegisterBackOff() {
        var machine = LeaseMachine()
        var waits: [UInt64] = []
        var now = seconds(0)
        for _ in 0..<12 {
            let put = machine.action(at: now)
            #expect(put == .put(nil))
            #expect(machine.failed(put, unavailable, at: now, random: 0.5) == .failed(unavailable))
            guard case .wait(let until) = machine.action(at: now) else {
                return #expect(Bool(false), "it doesn't wait")
            }
            waits.append((until - now) / 1_000_000)
            now = until
        }
        #expect(waits == [500, 800, 1280, 2048, 3276, 5242, 8388, 13421, 21474, 30000, 30000, 30000])
        #expect(machine.action(at: now) == .put(nil))
        #expect(machine.wasPut(grant, sent: now, random: 0.5) == .registered)
    }

    @Test func aLeaseThatTheRegistryDoesNotKnowIsBegunAnewAtOnce() {
        var machine = registered()
        let gone = RPCError(.notFound, "the lease is over")
        let now = seconds(104)
        #expect(machine.action(at: now) == .renew(grant))
        #expect(machine.failed(.renew(grant), gone, at: now, random: 0.5) == .lost(gone))
        #expect(machine.grant == nil)
        #expect(machine.action(at: now) == .put(nil))
        let next = LeaseGrant(id: 8, ttl: .seconds(10))
        #expect(machine.wasPut(next, sent: now, random: 0.5) == .registeredAgain)
        #expect(machine.grant == next)
    }

    /// Renewals are tried more and more rarely, but once at the end; then the lease counts as lost.
    @Test func aLeaseThatCannotBeRenewedIsLostWhenItsTimeIsOver() {
        var machine = registered()
        var now = seconds(104)
        var tries: [UInt64] = []
        while true {
            #expect(machine.action(at: now) == .renew(grant))
            tries.append(now / 1_000_000)
            let event = machine.failed(.renew(grant), unavailable, at: now, random: 0.5)
            if event == .lost(unavailable) { break }
            #expect(event == .failed(unavailable))
            guard case .wait(let until) = machine.action(at: now) else {
                return #expect(Bool(false), "it doesn't wait")
            }
            now = until
        }
        #expect(tries == [104_000, 104_500, 105_300, 106_580, 108_628, 110_000])
        #expect(machine.action(at: now) == .put(nil))
    }

    @Test func aRenewalAfterFailuresCountsFromItself() {
        var machine = registered()
        _ = machine.failed(.renew(grant), unavailable, at: seconds(104), random: 0.5)
        #expect(machine.wasRenewed(sent: seconds(105), random: 0) == .renewed)
        #expect(machine.action(at: seconds(105)) == .wait(until: seconds(108)))
    }

    @Test func aChangeIsPutUnderTheSameLease() {
        var machine = registered()
        machine.changed()
        #expect(machine.action(at: seconds(101)) == .put(grant))
        #expect(machine.wasPut(grant, sent: seconds(101), random: 0.5) == .updated)
        // The lease is renewed when it would have been.
        #expect(machine.action(at: seconds(101)) == .wait(until: seconds(100) + 3_333_333_333))
    }

    @Test func aChangeDuringAPutIsPutAfterIt() {
        var machine = registered()
        machine.changed()
        _ = machine.action(at: seconds(101))
        machine.changed()
        _ = machine.wasPut(grant, sent: seconds(101), random: 0.5)
        #expect(machine.action(at: seconds(101)) == .put(grant))
    }

    @Test func aChangeThatCouldNotBePutIsTriedAgainAfterAWait() {
        var machine = registered()
        machine.changed()
        let put = machine.action(at: seconds(101))
        _ = machine.failed(put, unavailable, at: seconds(101), random: 0.5)
        machine.changed()
        #expect(machine.action(at: seconds(101)) == .wait(until: seconds(101.5)))
        #expect(machine.action(at: seconds(101.5)) == .put(grant))
    }

    /// What is put under a new lease has the change already.
    @Test func aChangeOfWhatIsLostNeedsNoPutOfItsOwn() {
        var machine = registered()
        machine.changed()
        let gone = RPCError(.notFound, "the lease is over")
        let put = machine.action(at: seconds(101))
        _ = machine.failed(put, gone, at: seconds(101), random: 0.5)
        #expect(machine.action(at: seconds(101)) == .put(nil))
        _ = machine.wasPut(LeaseGrant(id: 8, ttl: .seconds(30)), sent: seconds(101), random: 0.5)
        #expect(machine.action(at: seconds(101)) == .wait(until: seconds(111)))
    }
}
