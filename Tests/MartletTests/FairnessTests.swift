import Martlet
import MartletTesting
import Synchronization
import Testing

/// However busy others keep an event loop, a call is answered after a bounded amount of their work. The bounds are those
/// of the server's turns (`LoopExecutor`), counted in work, not in time.
@Suite(.timeLimit(.minutes(1))) struct FairnessTests {
    /// A turn of the loop: 8 flushes, of 32 handlers or continuations each. Then it reads again.
    private static let turn = 8 * 32
    private static let wires = [ChannelConfiguration.Wire.native, .grpc]

    /// What others have done, and whether they are to go on.
    private final class Work: Sendable {
        private let _done = Atomic(0)
        private let isOver = Atomic(false)

        var done: Int { _done.load(ordering: .relaxed) }
        var goesOn: Bool { !isOver.load(ordering: .relaxed) }
        func note() { _done.add(1, ordering: .relaxed) }
        func end() { isOver.store(true, ordering: .relaxed) }
    }

    private func channel(
        of network: TestNetwork, from client: String, _ wire: ChannelConfiguration.Wire
    ) -> ClientChannel {
        var configuration = ChannelConfiguration()
        configuration.wire = wire
        return network.channel(to: "server", from: client, configuration: configuration)
    }

    /// Makes calls one after another, and tells how much work passed during the one in which most did.
    private func mostWork(_ work: Work, during calls: Int, on channel: ClientChannel) async throws -> Int {
        var most = 0
        for _ in 0..<calls {
            let before = work.done
            #expect(try await channel.call("x").text == "x")
            most = max(most, work.done - before)
        }
        return most
    }

    @Test(arguments: wires) func aHandlerThatNeverRests(wire: ChannelConfiguration.Wire) async throws {
        let work = Work()
        let most = try await withTestNetwork { network in
            let service = TestService { request, _ in
                while request == "spin", work.goesOn {
                    work.note()
                    await Task.yield()
                }
                return request
            }
            try await network.server("server", services: [service])
            let other = channel(of: network, from: "other", wire)
            _ = try await other.call("warm-up")
            let busy = channel(of: network, from: "busy", wire)
            async let spinning = busy.call("spin")
            while work.done == 0 { await Task.yield() }
            let most = try await mostWork(work, during: 50, on: other)
            // The same connection's calls wait no longer.
            let mostBeside = try await mostWork(work, during: 50, on: busy)
            work.end()
            _ = try await spinning
            return max(most, mostBeside)
        }
        // A turn that is under way when the call comes, one that is planned before the call is read, and the one in which
        // it is.
        #expect(most > 0 && most <= 3 * Self.turn, "\(most) goes")
    }

    @Test(arguments: wires) func aConnectionFullOfCalls(wire: ChannelConfiguration.Wire) async throws {
        let callers = 500
        let work = Work()
        let most = try await withTestNetwork { network in
            let service = TestService { request, _ in
                if request == "busy" { work.note() }
                return request
            }
            try await network.server("server", services: [service])
            let other = channel(of: network, from: "other", wire)
            _ = try await other.call("warm-up")
            let busy = channel(of: network, from: "busy", wire)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers {
                    group.addTask { while work.goesOn { _ = try await busy.call("busy") } }
                }
                while work.done < callers { await Task.yield() }
                let most = try await mostWork(work, during: 50, on: other)
                work.end()
                try await group.waitForAll()
                return most
            }
        }
        // Those that came before, and a turn that is under way.
        #expect(most > 0 && most <= callers + Self.turn, "\(most) calls")
    }

    @Test(arguments: wires) func aStreamWithoutEnd(wire: ChannelConfiguration.Wire) async throws {
        let size = 1000
        let work = Work()
        let most = try await withTestNetwork { network in
            let service = TestService(list: { _, responses, _ in
                while work.goesOn {
                    work.note()
                    try await responses.write(Text(String(repeating: "x", count: size)))
                }
            })
            try await network.server("server", services: [service])
            let channel = channel(of: network, from: "client", wire)
            _ = try await channel.call("warm-up")
            async let reading = channel.serverStreaming(TestMethods.list, "", .default).reduce(into: 0) { count, _ in
                count += 1
            }
            while work.done == 0 { await Task.yield() }
            let most = try await mostWork(work, during: 50, on: channel)
            work.end()
            #expect(try await reading == work.done)
            return most
        }
        // What the stream's credit lets it write ahead, 256 KiB, and what it is given while the call is under way.
        #expect(most > 0 && most * size <= 2 * 256 << 10, "\(most) messages")
    }
}
