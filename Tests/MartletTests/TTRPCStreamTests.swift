import Martlet
import Synchronization
import Testing

/// Calls of every shape between a channel and a server that speak plain ttrpc.
struct TTRPCStreamTests {
    private func withTTRPC(
        _ service: any RPCService = TestService.echo, _ body: (_ channel: ClientChannel) async throws -> Void
    ) async throws {
        try await withServerAndChannel(service, channel: .test { $0.wire = .ttrpc }) { _, channel in
            try await body(channel)
        }
    }

    @Test(arguments: [0, 1, 1000])
    func aServerStreams(count: Int) async throws {
        try await withTTRPC { channel in
            var texts: [String] = []
            for try await text in channel.serverStreaming(TestMethods.list, "\(count)", .default) {
                texts.append(text.text)
            }
            #expect(texts == (0..<count).map { "\($0)" })
        }
    }

    @Test(arguments: [0, 1, 1000])
    func aClientStreams(count: Int) async throws {
        try await withTTRPC { channel in
            let joined: Text = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for number in 0..<count { try await requests.write("\(number)") }
            }
            #expect(joined.text == (0..<count).map { "\($0)" }.joined(separator: ","))
        }
    }

    @Test func bothStreamByTurns() async throws {
        try await withTTRPC { channel in
            let rest = try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for number in 0..<100 {
                    try await requests.write("\(number)")
                    let answer = try await iterator.next()
                    #expect(answer?.text == "\(number)")
                }
                // An empty message is one too.
                try await requests.write("")
                requests.finish()
                return [try await iterator.next(), try await iterator.next()]
            }
            #expect(rest == ["", nil])
        }
    }

    @Test func anErrorFollowsWhatWasSentBefore() async throws {
        let service = TestService(list: { _, responses, _ in
            try await responses.write("first")
            throw RPCError(.notFound, "no second")
        })
        try await withTTRPC(service) { channel in
            var texts: [String] = []
            do {
                for try await text in channel.serverStreaming(TestMethods.list, "", .default) {
                    texts.append(text.text)
                }
                Issue.record("no error came")
            } catch let error as RPCError {
                #expect(error.code == .notFound && error.message == "no second")
            }
            #expect(texts == ["first"])
        }
    }

    @Test func aServerMayEndFirst() async throws {
        let service = TestService(chat: { _, responses, _ in try await responses.write("only") })
        try await withTTRPC(service) { channel in
            let texts = try await channel.bidirectional(TestMethods.chat, .default) { _, responses in
                var texts: [String] = []
                for try await text in responses { texts.append(text.text) }
                return texts
            }
            #expect(texts == ["only"])
        }
    }

    /// ttrpc has no cancel: the caller is free at once, and the handler goes on to its end.
    @Test func leavingAStreamIsLocal() async throws {
        let isDone = Atomic(false)
        let service = TestService(list: { _, responses, _ in
            for number in 0..<1000 { try await responses.write("\(number)") }
            isDone.store(true, ordering: .relaxed)
        })
        try await withTTRPC(service) { channel in
            for try await text in channel.serverStreaming(TestMethods.list, "", .default) {
                #expect(text.text == "0")
                break
            }
            let after = try await channel.call("after")
            #expect(after.text == "after")
            try await eventually("the handler's end") { isDone.load(ordering: .relaxed) }
        }
        #expect(service.noted == [])
    }

    @Test func aDeadlineEndsAStreamOnBothSides() async throws {
        let service = TestService(list: { _, responses, _ in
            try await responses.write("first")
            try await Task.sleep(for: .seconds(600))
        })
        try await withTTRPC(service) { channel in
            // Connects, so that the deadline finds the handler at work.
            _ = try await channel.call("before")
            do {
                let responses = channel.serverStreaming(TestMethods.list, "", .timeout(.milliseconds(300)))
                for try await text in responses { #expect(text.text == "first") }
                Issue.record("no error came")
            } catch let error as RPCError {
                #expect(error.code == .deadlineExceeded)
            }
            // By its sleep, or by a write that came too late.
            try await eventually("the handler's end") { !service.noted.isEmpty }
        }
    }

    @Test func aMessageOverTheLimitIsTold() async throws {
        try await withTTRPC { channel in
            do {
                let _: Text = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                    try await requests.write(Text(count: 4 << 20 + 1))
                }
                Issue.record("no error came")
            } catch {
                #expect((error as? RPCError)?.code == .resourceExhausted, "\(error)")
            }
            let largest: Text = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                try await requests.write(Text(count: 4 << 20 - 16))
            }
            #expect(largest.bytes.count == 4 << 20 - 16)
        }
    }

    // MARK: - Readers that are slow

    /// 64 MiB for a client that doesn't read: the server's writer is held up, and all arrives in the end.
    @Test func aSlowClientHoldsUpTheServer() async throws {
        let written = Atomic(0)
        let service = TestService(list: { _, responses, _ in
            for _ in 0..<256 {
                try await responses.write(Text(count: 256 << 10))
                written.add(1, ordering: .relaxed)
            }
        })
        try await withTTRPC(service) { channel in
            var count = 0
            for try await text in channel.serverStreaming(TestMethods.list, "", .default) {
                if count == 0 {
                    try await Task.sleep(for: .milliseconds(200))
                    #expect(written.load(ordering: .relaxed) < 200)
                }
                count += 1
                #expect(text.bytes.count == 256 << 10)
            }
            #expect(count == 256)
        }
    }

    /// The same the other way round.
    @Test func aSlowServerHoldsUpTheClient() async throws {
        let written = Atomic(0)
        let service = TestService(collect: { requests, _ in
            var count = 0
            for try await text in requests {
                if count == 0 {
                    try await Task.sleep(for: .milliseconds(200))
                    #expect(written.load(ordering: .relaxed) < 200)
                }
                count += 1
                #expect(text.bytes.count == 256 << 10)
            }
            return "\(count)"
        })
        try await withTTRPC(service) { channel in
            let count: Text = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for _ in 0..<256 {
                    try await requests.write(Text(count: 256 << 10))
                    written.add(1, ordering: .relaxed)
                }
            }
            #expect(count.text == "256")
        }
    }

    // MARK: - What ttrpc doesn't have

    @Test func nothingIsCompressed() async throws {
        try await withTTRPC { channel in
            let request = Text(count: 10_000)
            let response = try await channel.call(request, options: CallOptions(compression: .gzip))
            #expect(response == request)
        }
    }

    @Test func trailersAreLost() async throws {
        let service = TestService { request, context in
            context.trailingMetadata["key"] = "value"
            return request
        }
        try await withTTRPC(service) { channel in
            let reply = try await channel.unaryReply(TestMethods.call, "text", .default)
            #expect(reply.message.text == "text" && reply.trailingMetadata.isEmpty)
        }
    }

    /// Nobody states a limit, so 300 calls wait for their answers at the same time.
    @Test func manyCallsAreOpenAtOnce() async throws {
        let arrived = Atomic(0)
        let service = TestService { request, _ in
            arrived.add(1, ordering: .relaxed)
            while arrived.load(ordering: .relaxed) < 300 { try await Task.sleep(for: .milliseconds(5)) }
            return request
        }
        try await withTTRPC(service) { channel in
            let answered = try await withThrowingTaskGroup { group in
                for number in 0..<300 { group.addTask { try await channel.call("\(number)").text == "\(number)" } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(answered == 300)
        }
    }

    @Test func aServerThatShutsDownLetsStreamsFinish() async throws {
        try await withServer(TestService.echo) { server, port in
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)?wire=ttrpc")
            let rest = try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                try await requests.write("before")
                _ = try await iterator.next()
                async let shutdown: Void = server.shutdown()
                try await requests.write("after")
                requests.finish()
                let rest = [try await iterator.next(), try await iterator.next()]
                await shutdown
                return rest
            }
            #expect(rest == ["after", nil])
            await channel.shutdown()
        }
    }
}
