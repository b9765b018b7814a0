import Martlet

typealias Named = GoogleProtobuf.SourceContext

enum WebMethods {
    private static let file = FileDescriptor("web.proto", base64: "")
    static let service = ServiceDescriptor("web.v1.WebService", in: file)
    static let echo = Method<Named, Named>(service, "Echo", .unary)
    static let read = Method<Named, Named>(service, "Read", .unary, hasNoSideEffects: true)
    static let list = Method<Named, Named>(service, "List", .serverStreaming)
    /// Its messages have no JSON form.
    static let raw = Method<Text, Text>(service, "Raw", .unary)
}

/// A service with generated messages. Without a closure its methods return what they get.
struct WebService: RPCService {
    typealias Echo = nonisolated(nonsending) @Sendable (Named, ServerContext) async throws -> Named

    var echo: Echo = { request, _ in request }

    func register(in router: inout Router) {
        router.register(
            WebMethods.service,
            [
                .unary(WebMethods.echo) { try await echo($0, $1) },
                .unary(WebMethods.read) { request, _ in request },
                .serverStreaming(WebMethods.list) { request, responses, _ in try await responses.write(request) },
                .unary(WebMethods.raw) { request, _ in request },
            ])
    }
}
