import MartletCore
import Testing

@Suite struct CallOptionsTests {
    private final class FixedClock: UptimeClock {
        var uptimeNanoseconds: UInt64 { 1_000_000_000 }
    }

    private func context(deadlineIn remaining: UInt64?) -> ServerContext {
        let clock = FixedClock()
        return ServerContext(
            method: MethodDescriptor(service: "s", name: "m", shape: .unary), metadata: [:],
            deadline: remaining.map {
                Deadline(uptimeNanoseconds: clock.uptimeNanoseconds + $0, clock: clock)
            }, peer: Peer(address: "test"))
    }

    @Test func ownTimeoutComesBeforeTheChannels() {
        #expect(CallOptions.default.effectiveTimeout(default: nil, in: nil) == nil)
        #expect(CallOptions.default.effectiveTimeout(default: .seconds(3), in: nil) == .seconds(3))
        #expect(CallOptions.timeout(.seconds(5)).effectiveTimeout(default: .seconds(3), in: nil) == .seconds(5))
    }

    @Test func theHandlersDeadlineIsInherited() {
        do {
            let handler = context(deadlineIn: 2_000_000_000)
            #expect(CallOptions.default.effectiveTimeout(default: nil, in: handler) == .seconds(2))
            #expect(CallOptions.timeout(.seconds(5)).effectiveTimeout(default: nil, in: handler) == .seconds(2))
            #expect(CallOptions.timeout(.seconds(1)).effectiveTimeout(default: nil, in: handler) == .seconds(1))
        }
        do {
            let handler = context(deadlineIn: nil)
            #expect(CallOptions.timeout(.seconds(5)).effectiveTimeout(default: nil, in: handler) == .seconds(5))
        }
    }

    @Test func nothingRemainsOfAPassedDeadline() {
        do {
            let handler = context(deadlineIn: 0)
            #expect(CallOptions.timeout(.seconds(5)).effectiveTimeout(default: nil, in: handler) == .zero)
        }
    }
}
