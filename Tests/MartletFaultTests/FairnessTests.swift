import Martlet
import MartletFaultKit
import Testing

extension FaultTests {
    /// A message of 100 MB on the way doesn't hold up small calls on the same connection, in either direction.
    @Test func largeAndSmall() async throws {
        let size = Scale.number(8 << 20, full: 100 << 20)
        let configuration = ServerConfiguration.quiet { $0.maxMessageBytes = 128 << 20 }
        try await withFaultServer(configuration) { server, target in
            var channelConfiguration = ChannelConfiguration()
            channelConfiguration.maxMessageBytes = 128 << 20
            let channel = try ClientChannel(target, configuration: channelConfiguration)
            _ = try await channel.unary(FaultMethods.echo, Payload(seed: 0), .default)
            let finished = Counter()
            async let large = {
                defer { finished.increment() }
                return try await channel.unary(FaultMethods.echo, Payload(seed: 5, count: size), .default)
            }()
            var waits: [Duration] = []
            let start = ContinuousClock.now
            while finished.value == 0, waits.count < 100_000 {
                let sent = ContinuousClock.now
                _ = try await channel.unary(FaultMethods.echo, Payload(seed: 1), .default)
                waits.append(ContinuousClock.now - sent)
            }
            let duration = ContinuousClock.now - start
            let received = try await large
            #expect(received == Payload(seed: 5, count: size))
            waits.sort()
            report(
                "large and small",
                "an echo of \(size) bytes took \(duration); \(waits.count) small calls beside it, median "
                    + "\(waits[waits.count / 2]), 99 % within \(waits[waits.count * 99 / 100]), at most \(waits.last!)")
            // Were they held up, there would be one or two.
            #expect(waits.count >= 10)
            await channel.shutdown()
        }
    }
}
