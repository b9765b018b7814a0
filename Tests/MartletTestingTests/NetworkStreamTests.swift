import Martlet
import MartletTesting
import Testing

/// Streams over a test's network.
@Suite struct NetworkStreamTests {
    private func expectAllShapes(_ invoker: any CallInvoker, messages: Int) async throws {
        let numbers = (0..<messages).map { "\($0)" }
        var listed: [String] = []
        for try await message in invoker.serverStreaming(TestMethods.list, "\(messages)", .default) {
            listed.append(message.text)
        }
        #expect(listed == numbers)

        let collected = try await invoker.clientStreaming(TestMethods.collect, .default) { requests in
            for number in numbers { try await requests.write(Text(number)) }
        }
        #expect(collected.text == numbers.joined(separator: ","))

        try await invoker.bidirectional(TestMethods.chat, .default) { requests, responses in
            var replies = responses.makeAsyncIterator()
            for number in numbers {
                try await requests.write(Text(number))
                #expect(try await replies.next()?.text == number)
            }
            requests.finish()
            #expect(try await replies.next() == nil)
        }
    }

    /// In pieces of any size, down to single bytes.
    @Test(arguments: [1...1, 1...3, 1...50, 1000...1000])
    func everyShapeSurvivesPieces(_ sizes: ClosedRange<Int>) async throws {
        try await withTestNetwork { network in
            network.link.pieceSizes = sizes
            try await network.server("echo", services: [TestService()])
            try await expectAllShapes(network.channel(to: "echo"), messages: 50)
        }
    }

    @Test func everyShapeSurvivesCutsAnywhere() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            for cut in 1...300 {
                network.link.cut = cut
                let channel = network.channel(to: "echo")
                try await expectAllShapes(channel, messages: 3)
                await channel.shutdown()
            }
        }
    }

    /// Many at once over one connection whose bytes trickle.
    @Test func streamsShareASlowWay() async throws {
        try await withTestNetwork(seed: 5) { network in
            network.link.latency = .milliseconds(1) ... .milliseconds(20)
            network.link.bytesPerSecond = 100_000
            network.link.pieceSizes = 1...300
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { try await expectAllShapes(channel, messages: 20) } }
                try await group.waitForAll()
            }
        }
    }

    /// Over a network that breaks, a stream ends well and whole, or with UNAVAILABLE.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aBrokenStreamSaysSo(seed: UInt64) async throws {
        try await withTestNetwork(seed: seed) { network in
            network.link.latency = .milliseconds(1) ... .milliseconds(20)
            network.link.pieceSizes = 1...40
            network.link.resetChance = 0.01
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            var whole = 0
            for _ in 0..<20 {
                var texts: [String] = []
                do {
                    let options = CallOptions(waitsForReady: true)
                    for try await message in channel.serverStreaming(TestMethods.list, "30", options) {
                        texts.append(message.text)
                    }
                    #expect(texts.count == 30)
                    whole += 1
                } catch {
                    #expect((error as? RPCError)?.code == .unavailable, "\(error)")
                }
                #expect(texts == (0..<texts.count).map { "\($0)" })
            }
            #expect(whole < 20)
        }
    }
}
