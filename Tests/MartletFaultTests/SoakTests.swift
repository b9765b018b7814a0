import Martlet
import MartletFaultKit
import Synchronization
import Testing

extension FaultTests {
    /// An hour's worth of calls in minutes: all shapes and sizes, and memory that stays where it is.
    @Test func soak() async throws {
        let duration = Scale.seconds(2, full: 300)
        try await withFaultServer { server, target in
            let channel = try ClientChannel(target)
            let load = Load(channel)
            async let running = load.run(callers: 64, seed: 1)
            // Caches and pools fill up first.
            try await Task.sleep(for: duration / 4)
            let memoryAfterWarmup = residentMiB
            try await Task.sleep(for: duration / 4 * 3)
            let memoryAtEnd = residentMiB
            load.stop()
            let tally = await running
            tally.expect(only: [])
            #expect(channel.statistics.calls == 0)
            report(
                "soak",
                "\(tally.calls) calls in \(duration); memory \(memoryAfterWarmup) MiB after a quarter, \(memoryAtEnd) MiB at the end"
            )
            if Scale.isFull { #expect(memoryAtEnd < memoryAfterWarmup * 1.1 + 8) }
            await channel.shutdown()
        }
    }

    /// Calls of all shapes given up at random moments, by their task or their deadline.
    @Test func cancelStorm() async throws {
        let calls = Scale.number(2000, full: 100_000)
        try await withFaultServer { server, target in
            let channel = try ClientChannel(target)
            let load = Load(channel, maxMessageBytes: 20_000)
            let memoryBefore = residentMiB
            let started = Counter()
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<64 {
                    group.addTask {
                        var random = SeededRandom(seed: UInt64(caller))
                        while started.increment() <= calls {
                            let wait = Duration.microseconds(Int.random(in: 0..<3000, using: &random))
                            var callRandom = SeededRandom(seed: random.next())
                            let call = Task { [callRandom] in
                                var callRandom = callRandom
                                return await load.oneCall(&callRandom)
                            }
                            _ = callRandom.next()
                            if Int.random(in: 0..<4, using: &random) > 0 {
                                try? await Task.sleep(for: wait)
                                call.cancel()
                            }
                            _ = await call.value
                        }
                    }
                }
            }
            let tally = load.current
            tally.expect(only: [.cancelled])
            #expect(tally.failed[.cancelled, default: 0] > calls / 20, "\(tally)")
            #expect(channel.statistics.calls == 0)
            try await eventually("no call left at the server, which has \(server.statistics)") {
                server.statistics.calls == 0 && server.statistics.tasks == 0 && server.statistics.queuedBytes == 0
            }
            // The connection has survived it all, with its credit.
            let large = Payload(seed: 1, count: 3_000_000)
            #expect(try await channel.unary(FaultMethods.echo, large, .timeout(.seconds(20))) == large)
            #expect(server.statistics.connections == 1)
            report(
                "cancel storm",
                "\(tally.calls) calls, \(tally.failed[.cancelled] ?? 0) cancelled; memory \(memoryBefore) → \(residentMiB) MiB"
            )
            await channel.shutdown()
        }
    }
}
