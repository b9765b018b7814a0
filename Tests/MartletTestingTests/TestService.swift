import Martlet

/// Answers `Get` with a closure; `List` counts up to the number in its request, `Collect` joins what it gets with
/// commas, and `Chat` returns each message.
struct TestService: RPCService {
    typealias Get = nonisolated(nonsending) @Sendable (Text, ServerContext) async throws -> Text

    var get: Get = { request, _ in request }

    func register(in router: inout Router) {
        router.register(
            TestMethods.service,
            [
                .unary(TestMethods.get, get),
                .serverStreaming(TestMethods.list) { request, responses, _ in
                    for number in 0..<Int(request.text)! { try await responses.write("\(number)") }
                },
                .clientStreaming(TestMethods.collect) { requests, _ in
                    var texts: [String] = []
                    for try await request in requests { texts.append(request.text) }
                    return Text(texts.joined(separator: ","))
                },
                .bidirectional(TestMethods.chat) { requests, responses, _ in
                    for try await request in requests { try await responses.write(request) }
                },
            ])
    }
}
