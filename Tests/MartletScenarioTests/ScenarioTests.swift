import Martlet
import Testing

/// What every call must do, on every wire and over every transport: one list for all of them.
@Suite struct ScenarioTests {
    // MARK: - Unary

    @Test(arguments: Link.all) func echo(link: Link) async throws {
        try await link.connect(TestService()) { _, channel in
            for text in ["", "x", "a longer text"] {
                let response = try await channel.call(Text(text))
                #expect(response.text == text)
            }
        }
    }

    @Test(arguments: Link.all, [17_000, 300_000, 4_000_000]) func largeMessages(link: Link, count: Int) async throws {
        try await link.connect(TestService()) { _, channel in
            let response = try await channel.call(Text(count: count))
            #expect(response == Text(count: count))
        }
    }

    @Test(arguments: Link.all) func tooLargeRequest(link: Link) async throws {
        let server = ServerConfiguration.test { $0.maxMessageBytes = 100_000 }
        try await link.connect(TestService(), server: server) { _, channel in
            let error = try await errorOf { try await channel.call(Text(count: 200_000)) }
            #expect(error.code == .resourceExhausted)
            #expect(try await channel.call("next") == "next")
        }
    }

    @Test(arguments: Link.all) func tooLargeResponse(link: Link) async throws {
        let configuration = ChannelConfiguration.test { $0.maxMessageBytes = 100_000 }
        let service = TestService { _, _ in Text(count: 200_000) }
        try await link.connect(service, channel: configuration) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .resourceExhausted)
            #expect(try await errorOf { try await channel.call("x") }.code == .resourceExhausted)
        }
    }

    @Test(arguments: Link.all) func errorsWithDetails(link: Link) async throws {
        let detail = ErrorDetail(typeURL: "type.googleapis.com/test.Detail", bytes: [1, 2, 0xFF])
        let service = TestService { _, _ in throw RPCError(.alreadyExists, "taken: \u{1F985}", details: [detail]) }
        try await link.connect(service) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .alreadyExists && error.message == "taken: \u{1F985}")
            #expect(error.details == [detail] && error.origin == .peer && !error.isSafeToRetry)
        }
    }

    @Test(arguments: Link.all) func unknownMethods(link: Link) async throws {
        try await link.connect(TestService()) { _, channel in
            let error = try await errorOf { try await channel.unary(TestMethods.missing, "x", .default) }
            #expect(error.code == .unimplemented)
            var iterator = channel.start(TestMethods.elsewhere, nil, .default).responses.makeAsyncIterator()
            await #expect(throws: RPCError.self) { try await iterator.next() }
        }
    }

    @Test(arguments: Link.withMetadataOfResponses) func metadata(link: Link) async throws {
        let service = TestService { request, context in
            context.initialMetadata = ["first": context.metadata["x-request"] ?? "none", "first-bin": "AAH/"]
            context.trailingMetadata = ["last": "2", "last": "3"]
            return request
        }
        try await link.connect(service) { _, channel in
            let options = CallOptions(metadata: ["x-request": "1", "X-Request-Bin": "AAEC"])
            let reply = try await channel.unaryReply(TestMethods.call, "x", options)
            #expect(reply.initialMetadata["first"] == "1" && reply.initialMetadata["first-bin"] == "AAH/")
            #expect(reply.trailingMetadata.values(for: "last") == ["2", "3"])
        }
    }

    @Test(arguments: Link.withMetadataOfResponses) func metadataOfStreams(link: Link) async throws {
        let service = TestService(list: { request, responses, context in
            context.initialMetadata = ["first": "1"]
            context.sendInitialMetadata()
            context.trailingMetadata = ["last": "2"]
            try await responses.write(request)
            throw RPCError(.aborted, "stop", metadata: ["why": "3"])
        })
        try await link.connect(service) { _, channel in
            let call = channel.start(TestMethods.list, "x", .default)
            #expect(try await call.initialMetadata["first"] == "1")
            var iterator = call.responses.makeAsyncIterator()
            #expect(try await iterator.next() == "x")
            let error = try await #require(throws: RPCError.self) { try await iterator.next() }
            #expect(error.code == .aborted && error.metadata["last"] == "2" && error.metadata["why"] == "3")
            let trailers = await #expect(throws: RPCError.self) { try await call.trailingMetadata }
            #expect(trailers?.metadata["last"] == "2")
        }
    }

    // MARK: - Streams

    @Test(arguments: Link.all, [0, 1, 2000]) func serverStream(link: Link, count: Int) async throws {
        try await link.connect(TestService()) { _, channel in
            var next = 0
            for try await response in channel.serverStreaming(TestMethods.list, "\(count)", .default) {
                #expect(response == "\(next)")
                next += 1
            }
            #expect(next == count)
        }
    }

    @Test(arguments: Link.all, [0, 1, 2000]) func clientStream(link: Link, count: Int) async throws {
        try await link.connect(TestService()) { _, channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for number in 0..<count { try await requests.write("\(number)") }
            }
            #expect(response.text == (0..<count).map(String.init).joined(separator: ","))
        }
    }

    @Test(arguments: Link.all) func pingPong(link: Link) async throws {
        try await link.connect(TestService()) { _, channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for number in 0..<100 {
                    try await requests.write("\(number)")
                    #expect(try await iterator.next() == "\(number)")
                }
                requests.finish()
                #expect(try await iterator.next() == nil)
            }
        }
    }

    /// The responses go on after the client has ended its side.
    @Test(arguments: Link.all) func halfClose(link: Link) async throws {
        let service = TestService(chat: { requests, responses, _ in
            var count = 0
            for try await _ in requests { count += 1 }
            for number in 0..<count { try await responses.write("\(number)") }
        })
        try await link.connect(service) { _, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            for _ in 0..<50 { try await call.requests.write("x") }
            call.requests.finish()
            var count = 0
            for try await response in call.responses {
                #expect(response == "\(count)")
                count += 1
            }
            #expect(count == 50)
        }
    }

    /// A handler needn't read its requests to their end.
    @Test(arguments: Link.all) func earlyEndByTheServer(link: Link) async throws {
        let service = TestService(collect: { requests, _ in
            for try await request in requests { return request }
            return "none"
        })
        try await link.connect(service) { _, channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for number in 0..<100_000 { try await requests.write("\(number)") }
            }
            #expect(response == "0")
        }
    }

    @Test(arguments: Link.withCancel) func earlyEndByTheClient(link: Link) async throws {
        let service = TestService(list: { _, responses, _ in
            for number in 0... { try await responses.write("\(number)") }
        })
        try await link.connect(service) { server, channel in
            for try await response in channel.serverStreaming(TestMethods.list, "x", .default) where response == "10" {
                break
            }
            try await eventually("the end of the handler") {
                service.noted == ["CANCELLED"] || service.noted == ["cancelled"]
            }
            #expect(try await channel.call("next") == "next")
        }
    }

    @Test(arguments: Link.all) func messagesComeBeforeTheError(link: Link) async throws {
        let service = TestService(list: { _, responses, _ in
            for number in 0..<10 { try await responses.write("\(number)") }
            throw RPCError(.dataLoss, "that was all")
        })
        try await link.connect(service) { _, channel in
            var count = 0
            let error = try await errorOf {
                for try await _ in channel.serverStreaming(TestMethods.list, "x", .default) { count += 1 }
                return "no error"
            }
            #expect(error.code == .dataLoss && count == 10)
        }
    }

    @Test(arguments: Link.all) func largeMessagesInStreams(link: Link) async throws {
        try await link.connect(TestService()) { _, channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for count in [0, 16_384, 70_000, 1_000_000, 3_000_000, 1] {
                    try await requests.write(Text(count: count))
                    #expect(try await iterator.next() == Text(count: count))
                }
                requests.finish()
                #expect(try await iterator.next() == nil)
            }
        }
    }

    // MARK: - Time and cancellation

    @Test(arguments: Link.all) func deadlines(link: Link) async throws {
        let service = TestService { request, _ in
            if request == "slow" { try await Task.sleep(for: .seconds(30)) }
            return request
        }
        try await link.connect(service) { _, channel in
            _ = try await channel.call("connects")
            let error = try await errorOf { try await channel.call("slow", options: .timeout(.seconds(1))) }
            #expect(error.code == .deadlineExceeded)
            try await eventually("the end of the handler") { service.noted == ["cancelled"] }
        }
    }

    @Test(arguments: Link.all) func deadlinesOfStreams(link: Link) async throws {
        let reasons = Shared<[ServerContext.CancellationReason?]>([])
        let service = TestService(chat: { requests, responses, context in
            do {
                for try await request in requests { try await responses.write(request) }
            } catch {
                reasons.change { $0.append(context.cancellationReason) }
                throw error
            }
        })
        try await link.connect(service) { _, channel in
            _ = try await channel.call("connects")
            let call = channel.start(TestMethods.chat, nil, .timeout(.seconds(3)))
            try await call.requests.write("x")
            var iterator = call.responses.makeAsyncIterator()
            #expect(try await iterator.next() == "x")
            let error = try await errorOf { try #require(try await iterator.next()) }
            #expect(error.code == .deadlineExceeded)
            // A client of gRPC can't tell why it gives up, and may do so a little before the server's own timer.
            try await eventually("the end of the handler") {
                reasons.value == [.deadline] || link.isGRPC && reasons.value == [.client]
            }
        }
    }

    @Test(arguments: Link.withCancel) func cancellation(link: Link) async throws {
        let isRunning = Shared(false)
        let service = TestService { request, _ in
            isRunning.change { $0 = true }
            try await Task.sleep(for: .seconds(30))
            return request
        }
        try await link.connect(service) { _, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually("the start of the handler") { isRunning.value }
            caller.cancel()
            #expect(try await errorOf { try await caller.value }.code == .cancelled)
            try await eventually("the end of the handler") { service.noted == ["cancelled"] }
        }
    }

    // MARK: - Flow control

    /// A stream that nobody reads stops its writer, and nothing else.
    @Test(arguments: Link.withFlowControl) func slowReader(link: Link) async throws {
        let written = Shared(0)
        let service = TestService(list: { _, responses, _ in
            for _ in 0..<3000 {
                try await responses.write(Text(count: 1000))
                written.change { $0 += 1 }
            }
        })
        try await link.connect(service) { _, channel in
            let call = channel.start(TestMethods.list, "x", .default)
            var seen = -1
            try await eventually("a writer that stands still") {
                defer { seen = written.value }
                try await Task.sleep(for: .milliseconds(20))
                return seen > 0 && seen == written.value
            }
            // One window, and what is on the way.
            #expect(written.value < 1500)
            for _ in 0..<20 { #expect(try await channel.call("x") == "x") }
            var count = 0
            for try await _ in call.responses { count += 1 }
            #expect(count == 3000)
        }
    }

    @Test(arguments: Link.all) func manyCallsAtOnce(link: Link) async throws {
        try await link.connect(TestService()) { _, channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        #expect(try await channel.call("\(number)") == "\(number)")
                        let list = channel.serverStreaming(TestMethods.list, "\(number)", .default)
                        #expect(try await list.reduce(0) { count, _ in count + 1 } == number)
                        let collected = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                            for _ in 0..<number { try await requests.write("y") }
                        }
                        #expect(collected.bytes.count == max(0, 2 * number - 1))
                        #expect(try await channel.call(Text(count: number * 3000)).bytes.count == number * 3000)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    // MARK: - Compression

    @Test(arguments: Link.withCompression) func compression(link: Link) async throws {
        let seen = Shared<[Bool]>([])
        let service = TestService(
            { request, context in
                seen.change { $0.append(context.requestWasCompressed) }
                context.responseCompression = .gzip
                return request
            },
            chat: { requests, responses, context in
                context.responseCompression = .gzip
                for try await request in requests.received {
                    seen.change { $0.append(request.wasCompressed) }
                    try await responses.write(request.message, compressed: request.wasCompressed)
                }
            })
        try await link.connect(service) { _, channel in
            let compressed = CallOptions(compression: .gzip)
            #expect(try await channel.call(Text(count: 100_000), options: compressed) == Text(count: 100_000))
            #expect(try await channel.call(Text(count: 100_000)) == Text(count: 100_000))
            #expect(seen.value == [true, false])
            let call = channel.start(TestMethods.chat, nil, compressed)
            var iterator = call.responses.received.makeAsyncIterator()
            for isCompressed in [true, false, true] {
                try await call.requests.write(Text(count: 10_000), compressed: isCompressed)
                let response = try await iterator.next()
                #expect(response?.message == Text(count: 10_000) && response?.wasCompressed == isCompressed)
            }
            call.requests.finish()
            #expect(try await iterator.next() == nil)
            #expect(seen.value == [true, false, true, false, true])
        }
    }

    // MARK: - The end

    @Test(arguments: Link.all) func drains(link: Link) async throws {
        let service = TestService(chat: { requests, responses, _ in
            for try await request in requests { try await responses.write(request) }
        })
        try await link.connect(service) { server, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            var iterator = call.responses.makeAsyncIterator()
            try await call.requests.write("before")
            #expect(try await iterator.next() == "before")
            async let shutdown: Void = server.shutdown()
            try await Task.sleep(for: .milliseconds(30))
            try await call.requests.write("after")
            #expect(try await iterator.next() == "after")
            call.requests.finish()
            #expect(try await iterator.next() == nil)
            await shutdown
            #expect(try await errorOf { try await channel.call("too late") }.code == .unavailable)
        }
    }
}
