import Martlet
import Testing

/// Calls that their callers give up, at every stage; `withServer` checks that the server keeps nothing.
@Suite struct CancellationTests {
    /// Counts up for ever.
    private let endless = TestService(list: { _, responses, _ in
        var number = 0
        while true {
            try await responses.write("\(number)")
            number += 1
        }
    })

    private func expectCancelled(_ body: () async throws -> Text) async throws {
        let error = try await errorOf(body)
        #expect(error.code == .cancelled, "got: \(error)")
        #expect(error.origin == .local)
    }

    @Test func leavingTheLoopCancels() async throws {
        try await withServerAndChannel(endless) { server, channel in
            for try await message in channel.serverStreaming(TestMethods.list, "", .default) where message == "100" {
                break
            }
            try await eventually("the handler's end") {
                endless.noted == ["cancelled"] || endless.noted == ["CANCELLED"]
            }
            #expect(channel.statistics.streams == 0)
        }
    }

    @Test func losingTheHandleCancels() async throws {
        try await withServerAndChannel(endless) { server, channel in
            var call: Call<Text, Text>? = channel.start(TestMethods.list, "", .default)
            try await eventually { server.statistics.calls == 1 }
            _ = try await call!.initialMetadata
            call = nil
            try await eventually { server.statistics.calls == 0 && server.statistics.tasks == 0 }
        }
    }

    @Test func cancellingTheReadersTaskCancels() async throws {
        try await withServerAndChannel(endless) { server, channel in
            let reader = Task {
                for try await _ in channel.serverStreaming(TestMethods.list, "", .default) {}
                return Text("the end")
            }
            try await eventually { server.statistics.calls == 1 }
            reader.cancel()
            try await expectCancelled { try await reader.value }
            try await eventually { server.statistics.calls == 0 && server.statistics.tasks == 0 }
        }
    }

    @Test func cancelledMessagesAreDroppedAndTheErrorStays() async throws {
        try await withServerAndChannel(endless) { _, channel in
            let call = channel.start(TestMethods.list, "", .default)
            var iterator = call.responses.makeAsyncIterator()
            let first = try await iterator.next()
            #expect(first == "0")
            call.cancel()
            for _ in 0..<2 { try await expectCancelled { try await iterator.next() ?? "the end" } }
            try await expectCancelled {
                _ = try await call.trailingMetadata
                return "ended well"
            }
        }
    }

    @Test func aSuspendedWriterIsWokenByTheCancellation() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let deaf = TestService(collect: { _, _ in
            for await _ in gate { break }
            return "late"
        })
        try await withServerAndChannel(deaf) { server, channel in
            let call = channel.start(TestMethods.collect, nil, .default)
            let writer = Task<Text, any Error> {
                while true { try await call.requests.write(Text(count: 50_000)) }
            }
            try await eventually("a writer that waits for credit") { channel.statistics.queuedBytes > 0 }
            call.cancel()
            try await expectCancelled { try await writer.value }
            try await eventually { channel.statistics.queuedBytes == 0 }
            opening.finish()
        }
    }

    @Test func aCallThatWaitsForAConnectionIsCancelled() async throws {
        let port = try await withServer(TestService.echo) { _, port in port }
        let channel = try ClientChannel("tcp://127.0.0.1:\(port)")
        let call = channel.start(TestMethods.list, "", CallOptions(waitsForReady: true))
        try await eventually { channel.statistics.waitingCalls == 1 }
        call.cancel()
        try await expectCancelled { try await call.response() }
        #expect(channel.statistics.waitingCalls == 0)
        await channel.shutdown()
    }

    @Test func callsThatWaitForRoomAreCancelled() async throws {
        let service = TestService { request, _ in
            try await Task.sleep(for: .seconds(60))
            return request
        }
        try await withServerAndChannel(
            service, server: .test { $0.maxConcurrentCallsPerConnection = 1 },
            channel: .test { $0.maxConnectionsPerEndpoint = 1 }
        ) {
            server, channel in
            let first = Task { try await channel.call("first") }
            try await eventually { server.statistics.calls == 1 }
            let unary = Task { try await channel.call("second") }
            let stream = channel.start(TestMethods.list, "3", .default)
            try await Task.sleep(for: .milliseconds(20))
            unary.cancel()
            stream.cancel()
            try await expectCancelled { try await unary.value }
            try await expectCancelled { try await stream.response() }
            first.cancel()
            try await expectCancelled { try await first.value }
            let after = channel.start(TestMethods.list, "1", .default)
            let response = try await after.response()
            #expect(response == "0")
        }
    }

    @Test func aDeadlineEndsAStreamOnBothSides() async throws {
        try await withServerAndChannel(endless) { server, channel in
            let error = try await errorOf {
                for try await _ in channel.serverStreaming(TestMethods.list, "", .timeout(.milliseconds(300))) {}
                return "the end"
            }
            #expect(error.code == .deadlineExceeded)
            try await eventually { server.statistics.calls == 0 && server.statistics.tasks == 0 }
        }
    }

    /// Calls of all shapes, each cancelled a few yields after it began; nothing may be left of them.
    @Test func callsCancelledAtAnyTimeLeaveNothing() async throws {
        try await withServerAndChannel(endless) { server, channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for round in 0..<100 {
                            let call = channel.start(TestMethods.list, "", .default)
                            let reader = Task { for try await _ in call.responses {} }
                            for _ in 0..<(worker + round) % 7 { await Task.yield() }
                            if round % 2 == 0 { call.cancel() } else { reader.cancel() }
                            await #expect(throws: RPCError.self) { try await reader.value }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually { server.statistics.calls == 0 && server.statistics.tasks == 0 }
            #expect(channel.statistics.calls == 0)
            try await eventually { channel.statistics.queuedBytes == 0 }
            let response = try await channel.call("fine")
            #expect(response.text == "fine")
        }
    }
}
