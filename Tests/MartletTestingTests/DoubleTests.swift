import Martlet
import MartletTesting
import Testing

@Suite struct DoubleTests {
    /// As the generator writes it.
    private struct ServiceDoubleOfTest: ServiceDouble {
        let get = UnaryDouble(TestMethods.get)
        let list = ServerStreamingDouble(TestMethods.list)
        let collect = ClientStreamingDouble(TestMethods.collect, property: "gather")
        let chat = BidirectionalDouble(TestMethods.chat)

        var service: ServiceDescriptor { TestMethods.service }
        var methods: [any MethodDouble] { [get, list, collect, chat] }
    }

    private let double = ServiceDoubleOfTest()
    private var invoker: any CallInvoker { double.invoker }

    @Test func aUnaryCallIsAnsweredAndRecorded() async throws {
        double.get.answer { request, context in
            #expect(ServerContext.current === context)
            context.initialMetadata["first"] = "1"
            context.trailingMetadata["last"] = "2"
            return "answer to \(request.text)"
        }
        let options = CallOptions(timeout: .seconds(60), metadata: ["token": "t"])
        let reply = try await invoker.unaryReply(TestMethods.get, "a", options)
        #expect(reply.message.text == "answer to a")
        #expect(reply.initialMetadata["first"] == "1" && reply.trailingMetadata["last"] == "2")
        _ = try await invoker.get("b")

        #expect(double.get.calls.map(\.request) == ["a", "b"])
        #expect(double.get.calls[0].metadata["token"] == "t")
        let timeout = try #require(double.get.calls[0].timeout)
        #expect(timeout > .seconds(50) && timeout <= .seconds(60))
        #expect(double.get.calls[1].timeout == nil)
        #expect(double.list.calls.isEmpty)
    }

    @Test func aMethodWithoutAnAnswerNamesItself() async throws {
        let get = await #expect(throws: RPCError.self) { try await invoker.get("x") }
        #expect(get?.code == .unimplemented)
        #expect(get?.message == "test.Service/Get has no answer in this test: give it one with `get.answer { … }`")
        let collect = await #expect(throws: RPCError.self) {
            try await invoker.clientStreaming(TestMethods.collect, .default) { _ in }
        }
        #expect(collect?.message.contains("`gather.answer { … }`") == true)
        let missing = await #expect(throws: RPCError.self) {
            try await invoker.unary(TestMethods.missing, "x", .default)
        }
        #expect(missing?.message == "the double has no method test.Service/Missing")
        #expect(double.get.calls.count == 1)
    }

    @Test func streamsGoBothWaysWithBackPressure() async throws {
        double.list.answer { request, responses, _ in
            for number in 0..<1000 { try await responses.write("\(request.text)\(number)") }
        }
        var texts: [String] = []
        for try await message in invoker.serverStreaming(TestMethods.list, "n", .default) { texts.append(message.text) }
        #expect(texts == (0..<1000).map { "n\($0)" })

        double.collect.answer { requests, _ in
            var count = 0
            for try await _ in requests { count += 1 }
            return "\(count)"
        }
        let response = try await invoker.clientStreaming(TestMethods.collect, .default) { requests in
            for number in 0..<1000 { try await requests.write("\(number)") }
        }
        #expect(response.text == "1000")
        #expect(double.collect.calls[0].requests == (0..<1000).map { "\($0)" })

        double.chat.answer { requests, responses, _ in
            for try await request in requests { try await responses.write("re: \(request.text)") }
        }
        try await invoker.bidirectional(TestMethods.chat, .default) { requests, responses in
            var replies = responses.makeAsyncIterator()
            for number in 0..<100 {
                try await requests.write("\(number)")
                #expect(try await replies.next()?.text == "re: \(number)")
            }
            requests.finish()
            #expect(try await replies.next() == nil)
        }
        #expect(double.chat.calls[0].requests.count == 100)
    }

    @Test func aWriterWaitsForItsReader() async throws {
        let (written, counter) = AsyncStream.makeStream(of: Int.self)
        double.list.answer { _, responses, _ in
            defer { counter.finish() }
            for number in 0..<1000 {
                try await responses.write("x")
                counter.yield(number)
            }
        }
        let call = invoker.start(TestMethods.list, "x", .default)
        for await number in written where number == 63 { break }
        try await Task.sleep(for: .milliseconds(20))
        call.cancel()
        var further = 0
        for await _ in written { further += 1 }
        #expect(further == 0)
    }

    @Test func errorsComeAsTheyWouldFromAServer() async throws {
        let detail = ErrorDetail(typeURL: "type.googleapis.com/test.Detail", bytes: [1])
        double.get.answer { _, context in
            context.trailingMetadata["seen"] = "1"
            throw RPCError(.notFound, "no such thing", details: [detail], metadata: ["own": "2"])
        }
        let error = await #expect(throws: RPCError.self) { try await invoker.get("x") }
        #expect(error?.code == .notFound && error?.details == [detail] && error?.origin == .peer)
        #expect(error?.metadata == ["own": "2", "seen": "1"])

        struct Foreign: Error {}
        double.get.answer { _, _ in throw Foreign() }
        let foreign = await #expect(throws: RPCError.self) { try await invoker.get("x") }
        #expect(foreign?.code == .unknown)

        let invalid = await #expect(throws: RPCError.self) {
            try await invoker.get("x", options: CallOptions(metadata: ["bad key": "v"]))
        }
        #expect(invalid?.code == .invalidArgument)
    }

    @Test func deadlinesAndCancellationEndTheHandler() async throws {
        let (reasons, reason) = AsyncStream.makeStream(of: ServerContext.CancellationReason?.self)
        double.get.answer { _, context in
            do { try await Task.sleep(for: .seconds(60)) } catch { reason.yield(context.cancellationReason) }
            return "late"
        }
        var ends = reasons.makeAsyncIterator()
        let late = await #expect(throws: RPCError.self) {
            try await invoker.get("x", options: .timeout(.milliseconds(10)))
        }
        #expect(late?.code == .deadlineExceeded)
        #expect(await ends.next() == .deadline)

        let caller = Task { [invoker] in try await invoker.get("x") }
        while double.get.calls.count < 2 { await Task.yield() }
        caller.cancel()
        let given = await #expect(throws: RPCError.self) { try await caller.value }
        #expect(given?.code == .cancelled)
        #expect(await ends.next() == .client)
    }

    @Test func leavingAStreamCancelsItsHandler() async throws {
        let (ends, end) = AsyncStream.makeStream(of: StatusCode?.self)
        double.list.answer { _, responses, _ in
            do { while true { try await responses.write("x") } } catch { end.yield((error as? RPCError)?.code) }
        }
        for try await _ in invoker.serverStreaming(TestMethods.list, "x", .default) { break }
        var codes = ends.makeAsyncIterator()
        #expect(await codes.next() == .cancelled)
    }

    @Test func anAnswerThatStopsReadingEndsTheUpload() async throws {
        double.collect.answer { requests, _ in
            for try await request in requests { return "enough after \(request.text)" }
            return "none"
        }
        let response = try await invoker.clientStreaming(TestMethods.collect, .default) { requests in
            for number in 0..<100_000 { try await requests.write("\(number)") }
        }
        #expect(response.text == "enough after 0")
        #expect(double.collect.calls[0].requests == ["0"])
    }

    @Test func aRealServerCanServeIt() async throws {
        double.get.answer { request, _ in request }
        var router = Router()
        double.register(in: &router)
        #expect(router.handlers.count == 4)
    }
}
