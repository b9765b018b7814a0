import Martlet
import Synchronization
import Testing

/// Streams as handlers meet them.
@Suite struct ServerStreamTests {
    private func texts(_ stream: MessageStream<Text>) async throws -> [String] {
        var texts: [String] = []
        for try await message in stream { texts.append(message.text) }
        return texts
    }

    /// Every test runs on the loop and on the global pool.
    private func withService(
        onPool: Bool, _ service: TestService, _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (_ server: RPCServer, _ channel: ClientChannel) async throws -> Void
    ) async throws {
        let placed = service.running(on: onPool ? .globalPool : .eventLoop)
        try await withServerAndChannel(placed, server: .test(change)) { server, channel in
            // An interceptor of the test may make an error of it.
            _ = try? await channel.call("first")
            try await body(server, channel)
        }
    }

    @Test(arguments: [false, true])
    func messagesGoBothWaysInOrder(onPool: Bool) async throws {
        try await withService(onPool: onPool, .echo) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            async let received = texts(call.responses)
            for number in 0..<5000 { try await call.requests.write("\(number)") }
            call.requests.finish()
            let all = try await received
            #expect(all == (0..<5000).map(String.init))
        }
    }

    @Test(arguments: [false, true])
    func largeMessagesGoBothWays(onPool: Bool) async throws {
        try await withService(onPool: onPool, .echo) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            var responses = call.responses.makeAsyncIterator()
            for size in [0, 70_000, 1_000_000] {
                try await call.requests.write(Text(count: size))
                let response = try await responses.next()
                #expect(response?.bytes.count == size)
            }
            call.requests.finish()
            let end = try await responses.next()
            #expect(end == nil)
        }
    }

    @Test(arguments: [false, true])
    func aHandlerMayAnswerBeforeItHasReadEverything(onPool: Bool) async throws {
        let service = TestService(collect: { requests, _ in
            for try await request in requests { return request }
            return "nothing"
        })
        try await withService(onPool: onPool, service) { server, channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                while true { try await requests.write(Text(count: 10_000)) }
            }
            #expect(response.bytes.count == 10_000)
            try await eventually { server.statistics.unreadBytes == 0 && server.statistics.tasks == 0 }
        }
    }

    @Test(arguments: [false, true])
    func anErrorEndsTheCallAtOnceAndDropsWhatIsQueued(onPool: Bool) async throws {
        let service = TestService(list: { _, responses, context in
            context.trailingMetadata["behind"] = "2"
            try await responses.write("small")
            // More than the client's window, so that a part of it is still here when the error comes.
            try await responses.write(Text(count: 2_000_000))
            throw RPCError(.dataLoss, "torn")
        })
        try await withService(onPool: onPool, service) { server, channel in
            let call = channel.start(TestMethods.list, "", .default)
            let error = try await errorOf {
                _ = try await call.trailingMetadata
                return "ended well"
            }
            #expect(error.code == .dataLoss)
            #expect(error.metadata["behind"] == "2")
            try await eventually { server.statistics.queuedBytes == 0 && server.statistics.calls == 0 }
        }
    }

    @Test(arguments: [false, true])
    func aDeadlineEndsReadersAndWriters(onPool: Bool) async throws {
        let service = TestService(
            list: { _, responses, _ in while true { try await responses.write(Text(count: 100_000)) } },
            collect: { requests, _ in
                for try await _ in requests {}
                return "end"
            })
        try await withService(onPool: onPool, service) { server, channel in
            let list = channel.start(TestMethods.list, "", .timeout(.milliseconds(1000)))
            let collect = channel.start(TestMethods.collect, nil, .timeout(.milliseconds(1000)))
            let error = try await errorOf { try await collect.response() }
            #expect(error.code == .deadlineExceeded)
            let other = try await errorOf {
                _ = try await list.trailingMetadata
                return "ended well"
            }
            #expect(other.code == .deadlineExceeded)
            try await eventually { service.noted == ["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED"] }
            try await eventually { server.statistics.tasks == 0 && server.statistics.queuedBytes == 0 }
        }
    }

    @Test(arguments: [false, true])
    func aReaderThatNeverReadsCostsAWindow(onPool: Bool) async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService(collect: { _, _ in
            for await _ in gate { break }
            return "late"
        })
        try await withService(onPool: onPool, service) { server, channel in
            let call = channel.start(TestMethods.collect, nil, .default)
            let writer = Task { while true { try await call.requests.write(Text(count: 10_000)) } }
            try await eventually { server.statistics.unreadBytes > 200_000 }
            for _ in 0..<20 {
                let response = try await channel.call("goes on")
                #expect(response.text == "goes on")
                #expect(server.statistics.unreadBytes <= 256 << 10)
            }
            opening.finish()
            let response = try await call.response()
            #expect(response.text == "late")
            _ = await writer.result
            try await eventually { server.statistics.unreadBytes == 0 }
        }
    }

    @Test(arguments: [false, true])
    func aClientThatNeverReadsCostsAWindowAndAMessage(onPool: Bool) async throws {
        let written = Mutex(0)
        let service = TestService(list: { _, responses, _ in
            while true {
                try await responses.write(Text(count: 10_000))
                written.withLock { $0 += 1 }
            }
        })
        try await withService(onPool: onPool, service) { server, channel in
            let call = channel.start(TestMethods.list, "", .default)
            try await eventually { written.withLock { $0 } >= 26 }
            for _ in 0..<20 { _ = try await channel.call("goes on") }
            // 256 KiB of the client's, 64 KiB on their way from another thread, and one.
            #expect(written.withLock { $0 } <= 35)
            #expect(server.statistics.queuedBytes < 100_000)
            call.cancel()
            try await eventually { server.statistics.tasks == 0 && server.statistics.queuedBytes == 0 }
        }
    }

    @Test func callsUnderWayFinishWhenTheServerDrains() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService(list: { _, responses, _ in
            try await responses.write("before")
            for await _ in gate { break }
            try await responses.write("after")
        })
        try await withService(onPool: false, service) { server, channel in
            let call = channel.start(TestMethods.list, "", .default)
            var responses = call.responses.makeAsyncIterator()
            let before = try await responses.next()
            #expect(before == "before")
            async let stopped: Void = server.shutdown(grace: .seconds(20))
            opening.finish()
            let after = try await responses.next()
            #expect(after == "after")
            let end = try await responses.next()
            #expect(end == nil)
            await stopped
        }
    }

    @Test func aTaskThatIsCancelledReadsAndWritesNoMore() async throws {
        let service = TestService(chat: { requests, responses, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let error = try await errorOf {
                        for try await request in requests { return request }
                        return "the end"
                    }
                    #expect(error.code == .cancelled)
                }
                try await Task.sleep(for: .milliseconds(20))
                group.cancelAll()
                try await group.waitForAll()
            }
            try await responses.write("the handler goes on")
        })
        try await withService(onPool: false, service) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            let all = try await texts(call.responses)
            #expect(all == ["the handler goes on"])
        }
    }

    @Test(arguments: [false, true])
    func compressionIsChosenForTheCallAndForAMessage(onPool: Bool) async throws {
        let service = TestService(
            { request, context in Text(context.requestWasCompressed ? "compressed" : "plain") },
            list: { _, responses, context in
                context.responseCompression = .gzip
                try await responses.write(Text(count: 10_000))
                try await responses.write(Text(count: 10_000), compressed: false)
                context.responseCompression = nil
                try await responses.write(Text(count: 10_000))
                try await responses.write("x", compressed: true)
            })
        try await withService(onPool: onPool, service) { _, channel in
            var compressed: [Bool] = []
            for try await received in channel.serverStreaming(TestMethods.list, "", .default).received {
                compressed.append(received.wasCompressed)
            }
            #expect(compressed == [true, false, false, true])
            let response = try await channel.call(
                Text(count: 10_000), options: CallOptions(compression: .gzip))
            #expect(response.text == "compressed")
        }
    }

    @Test func aMessageThatInflatesBeyondTheLimitIsRefused() async throws {
        let limited: (inout ServerConfiguration) -> Void = { $0.maxMessageBytes = 100_000 }
        try await withService(onPool: false, .echo, limited) { _, channel in
            let error = try await errorOf {
                try await channel.call(Text(count: 300_000), options: CallOptions(compression: .gzip))
            }
            #expect(error.code == .resourceExhausted)
            #expect(error.message.contains("limit of 100000 bytes once it is decompressed"), "\(error)")
        }
    }

    @Test func interceptorsSeeStreams() async throws {
        struct Counts: ServerInterceptor {
            nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
                context.mapRequests { (message) throws(RPCError) in Text("\((message as! Text).text)?") }
                context.mapResponses { (message) throws(RPCError) in Text("\((message as! Text).text)!") }
                context.initialMetadata["ahead"] = "1"
                try await next()
                throw RPCError(.aborted, "in the end")
            }
        }
        let intercepted: (inout ServerConfiguration) -> Void = { $0.interceptors = [Counts()] }
        try await withService(onPool: false, .echo, intercepted) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            try await call.requests.write("a")
            call.requests.finish()
            var responses = call.responses.makeAsyncIterator()
            let first = try await responses.next()
            #expect(first == "a?!")
            let metadata = try await call.initialMetadata
            #expect(metadata["ahead"] == "1")
            let error = try await errorOf { try await responses.next() ?? "the end" }
            #expect(error.message == "in the end")
        }
    }
}
