import MartletCore
import Testing

@testable import MartletClient

@Suite struct PickFirstTests {
    private static let error = RPCError(.unavailable, "refused")

    /// `i` idle, `r` ready, `f` failing, `c` has been connecting since 0, `C` too after a failure.
    private func conditions(_ text: String) -> [(id: String, condition: Subchannel.Condition)] {
        text.enumerated().map { index, letter in
            let condition: Subchannel.Condition =
                switch letter {
                case "i": .idle
                case "r": .ready
                case "f": .failing(Self.error)
                case "c": .connecting(since: 0, lastError: nil)
                case "C": .connecting(since: 0, lastError: Self.error)
                default: .shutDown
                }
            return ("\(index)", condition)
        }
    }

    private static let delay = PickFirst.attemptDelay

    @Test(
        arguments: [
            ("iii", 0, PickFirst.Decision(connects: 0, again: delay), "the first is tried"),
            ("cii", 1, PickFirst.Decision(again: delay), "and given time"),
            ("cii", delay, PickFirst.Decision(connects: 1, again: 2 * delay), "then the second beside it"),
            ("fii", 1, PickFirst.Decision(connects: 1, again: delay + 1), "or as soon as the first has failed"),
            (
                "Cii", 1, PickFirst.Decision(connects: 1, again: delay + 1),
                "a second try of the first is not waited for"
            ),
            ("fff", 1, PickFirst.Decision(), "when all fail there is none"),
            ("crf", 1, PickFirst.Decision(selected: 1), "who is ready is taken"),
            ("rrr", 1, PickFirst.Decision(selected: 0), "the first of them"),
            ("", 1, PickFirst.Decision(), "of nobody"),
        ] as [(String, UInt64, PickFirst.Decision, String)])
    func decides(text: String, now: UInt64, decision: PickFirst.Decision, why: String) {
        var state = PickFirst()
        let decided = state.decide(conditions(text), now: now)
        #expect(decided == decision, "\(why)")
    }

    @Test func itStaysWithItsChoice() {
        var state = PickFirst()
        let choices = ["fri", "rri", "rfi"].map { state.decide(conditions($0), now: 0).selected }
        #expect(choices == [1, 1, 0])
    }
}
