import Martlet
import Testing

/// Calls of the shapes that stream, between a client and a server over real sockets.
@Suite struct StreamTests {
    private func texts(_ stream: MessageStream<Text>) async throws -> [String] {
        var texts: [String] = []
        for try await message in stream { texts.append(message.text) }
        return texts
    }

    @Test(arguments: [0, 1, 2, 1000])
    func aServersStreamComesInOrder(count: Int) async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let stream = channel.serverStreaming(TestMethods.list, "\(count)", .default)
            let got = try await texts(stream)
            #expect(got == (0..<count).map(String.init))
        }
    }

    @Test(arguments: [0, 1, 100])
    func aClientsStreamIsCollected(count: Int) async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for number in 0..<count { try await requests.write("\(number)") }
            }
            #expect(response.text == (0..<count).map(String.init).joined(separator: ","))
        }
    }

    @Test func bothSidesTakeTurns() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let count = try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for number in 0..<100 {
                    try await requests.write("\(number)")
                    let answer = try await iterator.next()
                    #expect(answer == "\(number)")
                }
                requests.finish()
                let end = try await iterator.next()
                #expect(end == nil)
                return 100
            }
            #expect(count == 100)
        }
    }

    @Test func oneTaskWritesWhileAnotherReads() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            async let writing: Void = {
                for number in 0..<20_000 { try await call.requests.write("\(number)") }
                call.requests.finish()
            }()
            var expected = 0
            for try await message in call.responses {
                #expect(message.text == "\(expected)")
                expected += 1
            }
            try await writing
            #expect(expected == 20_000)
        }
    }

    @Test(arguments: [true, false])
    func aStreamMayBeReadOnTheChannelsExecutor(onLoop: Bool) async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let executor: (any TaskExecutor)? = onLoop ? channel.executor : nil
            let count = try await Task(executorPreference: executor) {
                var count = 0
                for try await _ in channel.serverStreaming(TestMethods.list, "50000", .default) { count += 1 }
                return count
            }.value
            #expect(count == 50_000)
        }
    }

    /// Larger than one frame, than a stream's credit, and almost the most that a message may be.
    @Test(arguments: [0, 15_000, 70_000, 300_000, 4_000_000])
    func messagesOfEverySizeGoBothWays(size: Int) async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            var responses = call.responses.makeAsyncIterator()
            for _ in 0..<3 {
                try await call.requests.write(Text(count: size))
                let count = try await responses.next()?.bytes.count
                #expect(count == size)
            }
            call.requests.finish()
            let end = try await responses.next()
            #expect(end == nil)
        }
    }

    @Test func metadataComesAheadAndBehind() async throws {
        let service = TestService(
            { request, context in
                context.initialMetadata["ahead"] = context.metadata["token"]
                context.trailingMetadata["behind"] = "2"
                return request
            },
            list: { _, responses, context in
                context.initialMetadata["ahead"] = context.metadata["token"]
                context.sendInitialMetadata()
                try await responses.write("x")
                context.trailingMetadata["behind"] = "2"
            })
        try await withServerAndChannel(service) { _, channel in
            let options = CallOptions(metadata: ["token": "1"])
            let reply = try await channel.unaryReply(TestMethods.call, "x", options)
            #expect(reply.initialMetadata["ahead"] == "1")
            #expect(reply.trailingMetadata["behind"] == "2")
            let call = channel.start(TestMethods.list, "", options)
            let ahead = try await call.initialMetadata["ahead"]
            #expect(ahead == "1")
            let got = try await texts(call.responses)
            #expect(got == ["x"])
            let behind = try await call.trailingMetadata["behind"]
            #expect(behind == "2")
        }
    }

    @Test func whatCameBeforeAnErrorIsReadFirstAndTheErrorStays() async throws {
        let service = TestService(list: { _, responses, context in
            for number in 0..<3 { try await responses.write("\(number)") }
            context.trailingMetadata["behind"] = "2"
            throw RPCError(.dataLoss, "torn")
        })
        try await withServerAndChannel(service) { _, channel in
            let call = channel.start(TestMethods.list, "", .default)
            let ended = try await errorOf {
                _ = try await call.trailingMetadata
                return ""
            }
            #expect(ended.metadata["behind"] == "2")
            var iterator = call.responses.makeAsyncIterator()
            for number in 0..<3 { #expect(try await iterator.next() == "\(number)") }
            for _ in 0..<2 {
                let error = try await errorOf { try await iterator.next() ?? "the end" }
                #expect(error.code == .dataLoss)
            }
        }
    }

    @Test func aStreamIsReadOnce() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let stream = channel.serverStreaming(TestMethods.list, "3", .default)
            let count = try await texts(stream).count
            #expect(count == 3)
            let error = try await errorOf { Text(try await texts(stream).joined()) }
            #expect(error.code == .failedPrecondition)
        }
    }

    @Test func nothingIsWrittenAfterTheEnd() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let call = channel.start(TestMethods.collect, nil, .default)
            try await call.requests.write("a")
            call.requests.finish()
            let error = try await errorOf {
                try await call.requests.write("b")
                return "written"
            }
            #expect(error.code == .failedPrecondition)
            let response = try await call.response()
            #expect(response == "a")
        }
    }

    @Test func aServerMayEndTheCallBeforeItHasReadEverything() async throws {
        let service = TestService(collect: { requests, _ in
            var iterator = requests.makeAsyncIterator()
            return try await iterator.next() ?? "nothing"
        })
        try await withServerAndChannel(service) { _, channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                while true { try await requests.write(Text(count: 10_000)) }
            }
            #expect(response.bytes.count == 10_000)
        }
    }

    @Test func anErrorOfTheServersEndsTheWriting() async throws {
        let service = TestService(collect: { _, _ in throw RPCError(.permissionDenied, "no uploads") })
        try await withServerAndChannel(service) { _, channel in
            let call = channel.start(TestMethods.collect, nil, .default)
            let error = try await errorOf {
                while true { try await call.requests.write(Text(count: 10_000)) }
            }
            #expect(error.code == .permissionDenied)
        }
    }

    @Test func aUnaryMethodCanBeStarted() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let response = try await channel.start(TestMethods.call, "x", .default).response()
            #expect(response == "x")
            let written = channel.start(TestMethods.call, nil, .default)
            try await written.requests.write("y")
            written.requests.finish()
            let another = try await written.response()
            #expect(another == "y")
        }
    }

    @Test func streamsBesideOneThatNobodyReads() async throws {
        let service = TestService(list: { _, responses, _ in
            while true { try await responses.write(Text(count: 1000)) }
        })
        try await withServerAndChannel(service) { server, channel in
            let stalled = channel.start(TestMethods.list, "", .default)
            try await eventually("a stalled stream") { server.statistics.calls == 1 }
            for number in 0..<200 {
                let response = try await channel.call("\(number)")
                #expect(response.text == "\(number)")
            }
            #expect(server.statistics.queuedBytes < 1 << 20)
            stalled.cancel()
        }
    }
}
