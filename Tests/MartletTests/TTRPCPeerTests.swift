import Martlet
import Testing

/// containerd's ttrpc in Go and Martlet call each other; `Tests/Peers/ttrpc/main.go` says what the methods do.
@Suite(.enabled(if: GoPeer.canBeBuilt, "\(GoPeer.missing)"))
struct TTRPCPeerTests {
    typealias Text = GoogleProtobuf.StringValue

    static let service = ServiceDescriptor("martlet.testing.Peer", in: FileDescriptor("peer.proto", base64: ""))

    static func method(_ name: String) -> Method<Text, Text> { Method(service, name, .unary) }

    // MARK: A Go client

    @Test func goCallsMartlet() async throws {
        try await withServer(PeerService()) { _, port in
            let lines = try await GoPeer.call(port: port)
            #expect(
                lines == [
                    "Echo: hello",
                    "Echo: ",
                    "Metadata: one,two",
                    "Remaining: none",
                    "Remaining: some",
                    "Wait: deadline exceeded",
                    "Fail: NotFound: no such text: poem (text poem)",
                    "Missing: Unimplemented: the service martlet.testing.Peer has no method \"Missing\"",
                    """
                    Echo: Unimplemented: the server has no service "martlet.testing.Missing"; it has \
                    martlet.testing.Peer
                    """,
                    "Echo: 4194240 bytes",
                    """
                    Echo: ResourceExhausted: Request on stream 21: its 4194342 bytes are over ttrpc's limit of \
                    4194304 for one frame
                    """,
                    """
                    Make: ResourceExhausted: the response takes a frame of 4194310 bytes, over ttrpc's limit of 4194304
                    """,
                    "64 of 64 at once",
                ])
        }
    }

    private struct PeerService: RPCService {
        func register(in router: inout Router) {
            func answer(
                _ name: String, _ body: @escaping @Sendable (String, ServerContext) async throws -> String
            ) -> MethodHandler {
                .unary(method(name)) { request, context in Text(value: try await body(request.value, context)) }
            }
            router.register(
                service,
                [
                    answer("Echo") { text, _ in text },
                    answer("Make") { text, _ in String(repeating: "x", count: Int(text)!) },
                    answer("Metadata") { key, context in context.metadata.values(for: key).joined(separator: ",") },
                    answer("Remaining") { _, context in
                        guard let left = context.deadline?.remaining else { return "none" }
                        return .zero < left && left <= .seconds(30) ? "some" : "\(left)"
                    },
                    answer("Wait") { _, _ in
                        try await Task.sleep(for: .seconds(600))
                        return ""
                    },
                    answer("Fail") { text, _ in
                        throw RPCError(
                            .notFound, "no such text: \(text)",
                            details: GoogleRPC.ResourceInfo(resourceType: "text", resourceName: text))
                    },
                ])
        }
    }

    // MARK: A Go server

    @Test func martletCallsGo() async throws {
        try await withGoServer { channel in
            try await channel.expect("Echo", "hello", answer: "hello")
            try await channel.expect("Echo", "", answer: "")
            var options = CallOptions.default
            options.metadata.append("one", for: "key")
            options.metadata.append("two", for: "key")
            try await channel.expect("Metadata", "key", options, answer: "one,two")
            try await channel.expect("Remaining", "", answer: "none")
            try await channel.expect("Remaining", "", .timeout(.seconds(30)), answer: "some")
        }
    }

    @Test func martletHearsGosErrors() async throws {
        try await withGoServer { channel in
            let failure = await channel.failure("Fail", "poem")
            #expect(failure?.code == .notFound)
            #expect(failure?.message == "no such text: poem")
            #expect(failure?.detail(of: GoogleRPC.ResourceInfo.self)?.resourceName == "poem")
            #expect(failure?.origin == .peer)
            let missing = await channel.failure("Missing", "")
            #expect(missing?.code == .unimplemented)
            let late = await channel.failure("Wait", "", .timeout(.milliseconds(50)))
            #expect(late?.code == .deadlineExceeded)
            // Whatever came late, the connection goes on.
            try await channel.expect("Echo", "still there", answer: "still there")
        }
    }

    @Test func martletAndGoAgreeOnSizes() async throws {
        try await withGoServer { channel in
            let large = String(repeating: "x", count: 4 << 20 - 64)
            try await channel.expect("Echo", large, answer: large)
            let tooLargeRequest = await channel.failure("Echo", String(repeating: "x", count: 4 << 20))
            #expect(tooLargeRequest?.code == .resourceExhausted)
            #expect(tooLargeRequest?.origin == .local)
            // This version of Go's server sends what is over the limit.
            let tooLargeResponse = await channel.failure("Make", "4194300")
            #expect(tooLargeResponse?.code == .resourceExhausted)
            try await channel.expect("Echo", "still there", answer: "still there")
        }
    }

    @Test func martletCallsGoManyTimesAtOnce() async throws {
        try await withGoServer { channel in
            let answered = try await withThrowingTaskGroup { group in
                for index in 0..<64 {
                    group.addTask { try await channel.call("Echo", "call \(index)") == "call \(index)" }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(answered == 64)
        }
    }

    private func withGoServer(_ body: (ClientChannel) async throws -> Void) async throws {
        try await GoPeer.serve { port in
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)?wire=ttrpc")
            try await body(channel)
            await channel.shutdown()
        }
    }
}

extension ClientChannel {
    fileprivate func call(
        _ method: String, _ text: String, _ options: CallOptions = .default
    ) async throws -> String {
        try await unary(TTRPCPeerTests.method(method), GoogleProtobuf.StringValue(value: text), options).value
    }

    fileprivate func expect(
        _ method: String, _ text: String, _ options: CallOptions = .default, answer: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answered = try await call(method, text, options)
        #expect(answered == answer, sourceLocation: sourceLocation)
    }

    fileprivate func failure(_ method: String, _ text: String, _ options: CallOptions = .default) async -> RPCError? {
        do {
            _ = try await call(method, text, options)
            return nil
        } catch {
            return error as? RPCError
        }
    }
}
