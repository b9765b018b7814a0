import Martlet
import Testing

/// Martlet calls Python's grpcio; `Tests/Peers/grpcserver.py` says what the methods do.
@Suite(.enabled(if: PythonPeer.python != nil, "\(PythonPeer.missing)"))
struct GRPCPeerTests {
    private func withPythonServer(
        _ configuration: ChannelConfiguration = .init(),
        _ body: (_ channel: ClientChannel, _ log: @escaping () throws -> String) async throws -> Void
    ) async throws {
        try await PythonPeer.serve { port, log in
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)?wire=grpc", configuration: configuration)
            try await body(channel, log)
            #expect(channel.statistics.calls == 0)
            await channel.shutdown()
        }
    }

    @Test func unaryCalls() async throws {
        try await withPythonServer { channel, _ in
            #expect(try await channel.call("hello") == "hello")
            #expect(try await channel.call("") == "")
            for size in [1000, 16_000, 100_000, 3_000_000] {
                #expect(try await channel.call(Text(count: size)).bytes.count == size)
            }
            let missing = try await errorOf { try await channel.unary(TestMethods.missing, "", .default) }
            #expect(missing.code == .unimplemented && missing.origin == .peer)
            #expect(channel.statistics.connections == 1)
        }
    }

    @Test func manyCallsAtOnce() async throws {
        try await withPythonServer { channel, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let request = Text(count: number * 317)
                        let response = try await channel.call(request)
                        #expect(response == request)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func streams() async throws {
        try await withPythonServer { channel, _ in
            var texts: [String] = []
            for try await text in channel.serverStreaming(TestMethods.list, "100", .default) { texts.append(text.text) }
            #expect(texts == (0..<100).map { "\($0)" })
            var bytes = 0
            for try await text in channel.serverStreaming(TestMethods.list, "50 100000", .default) {
                bytes += text.bytes.count
            }
            #expect(bytes == 5_000_000)

            let collected = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for text in ["a", "b", "", "c"] { try await requests.write(Text(text)) }
            }
            #expect(collected == "a,b,,c")
            #expect(try await channel.clientStreaming(TestMethods.collect, .default) { _ in } == "")

            let call = channel.start(TestMethods.chat, nil, .default)
            var responses = call.responses.makeAsyncIterator()
            for size in [5, 0, 70_000, 1_000_000, 1] {
                try await call.requests.write(Text(count: size))
                #expect(try await responses.next() == Text(count: size))
            }
            call.requests.finish()
            #expect(try await responses.next() == nil)
        }
    }

    /// Far more than fits into all windows and queues.
    @Test func whatIsNotReadIsNotSent() async throws {
        try await withPythonServer { channel, _ in
            let call = channel.start(TestMethods.chat, nil, .timeout(.seconds(300)))
            async let written: Void = {
                for _ in 0..<200 { try await call.requests.write(Text(count: 100_000)) }
                call.requests.finish()
            }()
            try await Task.sleep(for: .milliseconds(300))
            #expect(channel.statistics.queuedBytes < 1 << 20)
            #expect(try await channel.call("meanwhile") == "meanwhile")
            var bytes = 0
            for try await response in call.responses { bytes += response.bytes.count }
            #expect(bytes == 20_000_000)
            try await written
        }
    }

    @Test func theServerMayEndFirst() async throws {
        try await withPythonServer { channel, _ in
            let call = channel.start(TestMethods.chat, nil, .default)
            try await call.requests.write("a")
            try await call.requests.write("enough")
            var texts: [String] = []
            for try await response in call.responses { texts.append(response.text) }
            #expect(texts == ["a"])
            let error = try await errorOf { while true { try await call.requests.write(Text(count: 50_000)) } }
            #expect(error.code == .failedPrecondition)
            #expect(try await channel.call("next") == "next")
        }
    }

    @Test func metadataGoesBothWays() async throws {
        try await withPythonServer { channel, _ in
            var options = CallOptions(metadata: ["x-a": "1", "X-A": "2", "x-space": " inside too "])
            options.metadata.setBytes([0, 255, 7], for: "x-b-bin")
            let call = channel.start(TestMethods.call, "metadata", options)
            let initial = try await call.initialMetadata
            #expect(initial.values(for: "x-a") == ["1", "2"])
            #expect(initial["x-space"] == "inside too")
            #expect(initial.bytes(for: "x-b-bin") == [0, 255, 7])
            let text = try await call.response().text
            #expect(text.contains("x-b-bin=b'\\x00\\xff\\x07'"), "\(text)")
            #expect(text.contains("user-agent='grpc-swift-martlet/"), "\(text)")
            let trailing = try await call.trailingMetadata
            #expect(trailing.values(for: "t-x-a") == ["1", "2"])
            #expect(trailing.bytes(for: "t-x-b-bin") == [0, 255, 7])

            let reserved = try await errorOf {
                try await channel.call("", options: CallOptions(metadata: ["grpc-timeout": "1S"]))
            }
            #expect(reserved.code == .invalidArgument && reserved.message.contains("reserved"))
        }
    }

    @Test func errors() async throws {
        try await withPythonServer { channel, _ in
            let error = try await errorOf { try await channel.call("fail") }
            #expect(error.code == .notFound && error.origin == .peer && !error.isSafeToRetry)
            #expect(error.message == "nothing\nhere ☺")
            #expect(error.metadata["why"] == "because")
            #expect(error.metadata.bytes(for: "why-bin") == [0, 255])
            let rich = try await errorOf { try await channel.call("rich") }
            #expect(rich.code == .invalidArgument && rich.message == "bad")
            #expect(rich.details == [ErrorDetail(typeURL: "t", bytes: Array("abc".utf8))])
            let failed = try await errorOf {
                for try await _ in channel.serverStreaming(TestMethods.list, "x", .default) {}
                return Text("")
            }
            #expect(failed.code == .unknown)
        }
    }

    @Test func deadlines() async throws {
        try await withPythonServer { channel, log in
            #expect(try await channel.call("remaining") == "none")
            #expect(try await channel.call("remaining", options: .timeout(.seconds(30))) == "some")
            // Long enough for the handler to begin.
            let error = try await errorOf { try await channel.call("wait", options: .timeout(.seconds(2))) }
            #expect(error.code == .deadlineExceeded)
            try await eventually("the handler's end") { try log() == "cancelled" }
            for _ in 0..<20 {
                let error = try await errorOf { try await channel.call("wait", options: .timeout(.milliseconds(1))) }
                #expect(error.code == .deadlineExceeded)
            }
        }
    }

    @Test func cancellationReachesTheHandler() async throws {
        try await withPythonServer { channel, log in
            let waiting = Task { try await channel.call("wait") }
            try await eventually { channel.statistics.calls == 1 }
            try await Task.sleep(for: .milliseconds(100))
            waiting.cancel()
            let error = try await errorOf { try await waiting.value }
            #expect(error.code == .cancelled)
            try await eventually("the handler's end") { try log() == "cancelled" }
            for try await text in channel.serverStreaming(TestMethods.list, "1000000", .default) where text == "10" {
                break
            }
            try await eventually("the stream's end") { channel.statistics.calls == 0 }
            #expect(try await channel.call("next") == "next")
        }
    }

    @Test func compression() async throws {
        try await withPythonServer { channel, _ in
            for compression in Compression.allCases {
                let options = CallOptions(compression: compression)
                #expect(try await channel.call(Text(count: 100_000), options: options) == Text(count: 100_000))
                #expect(try await channel.call("\(compression.rawValue)", options: options) == Text(count: 100_000))
                #expect(try await channel.call("\(compression.rawValue)") == Text(count: 100_000))
                let call = channel.start(TestMethods.chat, nil, options)
                var responses = call.responses.makeAsyncIterator()
                for isCompressed in [true, false, true] {
                    try await call.requests.write(Text(count: 50_000), compressed: isCompressed)
                    #expect(try await responses.next() == Text(count: 50_000))
                }
                call.requests.finish()
                #expect(try await responses.next() == nil)
            }
        }
    }

    @Test func limits() async throws {
        var configuration = ChannelConfiguration()
        configuration.maxMessageBytes = 1 << 20
        try await withPythonServer(configuration) { channel, _ in
            #expect(try await channel.call("large 1048576").bytes.count == 1 << 20)
            let error = try await errorOf { try await channel.call("large 1048577") }
            #expect(error.code == .resourceExhausted && error.message.contains("1048577"))
            #expect(try await channel.call("next") == "next")
        }
        configuration.maxMessageBytes = 50_000
        try await withPythonServer(configuration) { channel, _ in
            let bomb = try await errorOf { try await channel.call("gzip") }
            #expect(bomb.code == .resourceExhausted && bomb.message.contains("once it is decompressed"), "\(bomb)")
        }
    }

    /// A server of the native wire meets a client of gRPC's, and the other way round.
    @Test func anotherProtocolIsNamed() async throws {
        try await PythonPeer.serve { port, _ in
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)")
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("an HTTP/2 SETTINGS frame, as gRPC servers send"), "\(error)")
            await channel.shutdown()
        }
    }
}
