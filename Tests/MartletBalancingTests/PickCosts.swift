import Foundation
import MartletCore
import MartletTransport
import NIOPosix
import Testing

@testable import MartletClient

/// What one pick costs, printed and not judged:
/// `make bench-picks`.
@Suite(.enabled(if: Environment.isMeasuring)) struct PickCosts {
    @Test(arguments: [3, 100, 1000]) func picksAreCheap(count: Int) {
        let executor = LoopExecutor.of(MultiThreadedEventLoopGroup.singleton.any())
        let maker = SubchannelMaker(configuration: ChannelConfiguration())
        let endpoints = (0..<count).map { index in
            let endpoint = Endpoint(.tcp("10.0.\(index / 250).\(index % 250)", 7000))
            let pooled = PooledEndpoint(
                endpoint, subchannel: try! maker.subchannel(endpoint, whenChanged: nil),
                load: EndpointLoad(executor: executor))
            pooled.isReady = true
            return pooled
        }
        let random = RandomSource(seed: 1)
        let ones = Array(repeating: 1.0, count: count)
        let pickers: [(String, any Picker)] = [
            ("pick first", OnlyPicker(endpoint: endpoints[0])),
            ("round robin", RoundRobinPicker(endpoints, start: 0)),
            (
                "weighted round robin",
                WeightedPicker(endpoints, weights: (0..<count).map { Double($0 % 5 + 1) }, start: 0)
            ),
            ("least request", LeastRequestPicker(endpoints: endpoints, weights: ones, choices: 2, random: random)),
            (
                "ring hash",
                RingHashPicker(
                    ring: HashRing(endpoints.map { ($0.endpoint.id, 1) }, sizes: 1024...4096), endpoints: endpoints,
                    key: "user", random: random)
            ),
        ]
        let call = OutgoingCall(
            method: MethodDescriptor(service: "a", name: "b", shape: .unary),
            options: CallOptions(metadata: ["user": "user-000042"]), deadline: nil, timeout: nil, handler: nil)
        for (name, picker) in pickers {
            let rounds = 2_000_000
            var picked = 0
            let time = ContinuousClock().measure {
                for round in 0..<rounds where picker.pick(call, now: UInt64(round)) != nil { picked += 1 }
            }
            #expect(picked == rounds)
            print("\(name), \(count) endpoints: \((time / .nanoseconds(rounds) * 10).rounded() / 10) ns a pick")
        }
    }
}

private enum Environment {
    static var isMeasuring: Bool { ProcessInfo.processInfo.environment["MARTLET_MEASURE"] != nil }
}
