import MartletCore
import Testing

@testable import MartletClient

@Suite struct ConnectivityTests {
    private let refused = RPCError(.unavailable, "refused")

    private func name(_ state: Connectivity.State) -> String {
        switch state {
        case .idle: "idle"
        case .connecting: "connecting"
        case .ready: "ready"
        case .backingOff: "backingOff"
        case .shutDown: "shutDown"
        }
    }

    private enum Input {
        case call, connected, established, failed, lostEarly, lost
        case waitOver(somebodyWaits: Bool)
        case shutDown
    }

    private func run(_ inputs: [Input]) -> (state: String, actions: [Connectivity.Action]) {
        var connectivity = Connectivity(backoff: Backoff(jitter: 0))
        var actions: [Connectivity.Action] = []
        for input in inputs {
            switch input {
            case .call: actions.append(connectivity.callArrived())
            case .connected: connectivity.connected()
            case .established: connectivity.established()
            case .failed: actions.append(connectivity.connectFailed(refused, random: 0.5))
            case .lostEarly: actions.append(connectivity.lost(refused, wasEstablished: false, random: 0.5))
            case .lost: actions.append(connectivity.lost(refused, wasEstablished: true, random: 0.5))
            case .waitOver(let somebodyWaits):
                actions.append(connectivity.backoffPassed(somebodyWaits: somebodyWaits))
            case .shutDown: connectivity.shutDown()
            }
        }
        return (name(connectivity.state), actions.filter { $0 != .none })
    }

    @Test func connectsOnceForManyCalls() {
        let (state, actions) = run([.call, .call, .connected, .call, .established])
        #expect(state == "ready")
        #expect(actions == [.connect])
    }

    @Test func waitsLongerAfterEachFailure() {
        let (state, actions) = run([
            .call, .failed, .waitOver(somebodyWaits: true), .failed, .waitOver(somebodyWaits: true), .failed,
        ])
        #expect(state == "backingOff")
        #expect(
            actions == [
                .connect, .backOff(.seconds(1)), .connect, .backOff(.milliseconds(1600)), .connect,
                .backOff(.milliseconds(2560)),
            ])
    }

    @Test func goesIdleWhenNobodyWaits() {
        let (state, actions) = run([.call, .failed, .waitOver(somebodyWaits: false)])
        #expect(state == "idle")
        #expect(actions == [.connect, .backOff(.seconds(1))])
    }

    @Test func aPortThatHangsUpIsBackedOffFrom() {
        let (state, actions) = run([
            .call, .connected, .lostEarly, .waitOver(somebodyWaits: true), .connected, .lostEarly,
        ])
        #expect(state == "backingOff")
        #expect(actions == [.connect, .backOff(.seconds(1)), .connect, .backOff(.milliseconds(1600))])
    }

    @Test func anEstablishedConnectionResetsTheBackoff() {
        let (state, actions) = run([
            .call, .failed, .waitOver(somebodyWaits: true), .connected, .established, .lost, .call, .failed,
        ])
        #expect(state == "backingOff")
        #expect(actions == [.connect, .backOff(.seconds(1)), .connect, .connect, .backOff(.seconds(1))])
    }

    @Test func shutDownIsFinal() {
        let (state, actions) = run([
            .call, .shutDown, .connected, .failed, .call, .lost, .waitOver(somebodyWaits: true),
        ])
        #expect(state == "shutDown")
        #expect(actions == [.connect])
    }

    @Test(arguments: [(1, 0.0, 0.8), (1, 1.0, 1.2), (2, 0.5, 1.6), (100, 0.5, 120), (100, 1.0, 144)])
    func backoffFollowsItsNumbers(attempt: Int, random: Double, seconds: Double) {
        let delay = Backoff().delay(afterAttempt: attempt, random: random)
        #expect(abs(delay / .seconds(1) - seconds) < 0.001)
    }
}
