import Martlet
import MartletFaultKit
import Synchronization
import Testing

/// Very many of something at once.
extension FaultTests {
    @Test func manyStreams() async throws {
        let streams = Scale.number(400, full: 10_000)
        try await withFaultServer(.quiet { $0.maxConcurrentCallsPerConnection = streams }) { server, target in
            let channel = try ClientChannel(target)
            let memoryBefore = residentMiB
            let opened = Counter()
            let mayEnd = Eventually<Void>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<streams {
                    group.addTask {
                        try await channel.bidirectional(FaultMethods.chat, .default) { writer, responses in
                            var iterator = responses.makeAsyncIterator()
                            let request = Payload(seed: UInt64(number), count: 200)
                            try await writer.write(request)
                            #expect(try await iterator.next() == request)
                            opened.increment()
                            await mayEnd.value()
                            writer.finish()
                            #expect(try await iterator.next() == nil)
                        }
                    }
                }
                group.addTask {
                    try await eventually("\(streams) open streams") { opened.value == streams }
                    #expect(server.statistics.connections == 1)
                    #expect(server.statistics.calls == streams)
                    report(
                        "many streams",
                        "\(streams) on one connection; memory \(memoryBefore) → \(residentMiB) MiB, both ends")
                    mayEnd.resolve(())
                }
                try await group.waitForAll()
            }
            #expect(channel.statistics.calls == 0)
            await channel.shutdown()
        }
    }

    @Test func manyConnections() async throws {
        raiseFileLimit()
        let connections = Scale.number(100, full: 2000)
        try await withFaultServer { server, target in
            let memoryBefore = residentMiB
            let channels = try (0..<connections).map { _ in try ClientChannel(target) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, channel) in channels.enumerated() {
                    group.addTask {
                        let request = Payload(seed: UInt64(number), count: 100)
                        let response = try await channel.unary(FaultMethods.echo, request, .timeout(.seconds(60)))
                        #expect(response == request)
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.statistics.connections == connections)
            report(
                "many connections",
                "\(connections), one call each; memory \(memoryBefore) → \(residentMiB) MiB, both ends")
            for channel in channels { await channel.shutdown() }
        }
    }
}

final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    @discardableResult
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}
