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
}
