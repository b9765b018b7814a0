import Martlet
import MartletTesting

/// A message that is its own bytes, so that these tests need no generated code.
struct Text: Message, Hashable, ExpressibleByStringInterpolation {
    static var messageName: String { "test.Text" }

    var bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(stringLiteral text: String) { self.init(text) }

    init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {
        self.bytes = Array(bytes)
    }

    func withSerialized<R>(
        _ body: (_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> R
    ) throws(EncodingError) -> R {
        body(bytes.count) { target in
            bytes.withUnsafeBytes {
                if let start = $0.baseAddress { target.copyMemory(from: start, byteCount: $0.count) }
            }
        }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

enum TestMethods {
    private static let file = FileDescriptor("test.proto", base64: "")
    static let service = ServiceDescriptor("test.Service", in: file)
    static let get = Method<Text, Text>(service, "Get", .unary)
    static let list = Method<Text, Text>(service, "List", .serverStreaming)
    static let collect = Method<Text, Text>(service, "Collect", .clientStreaming)
    static let chat = Method<Text, Text>(service, "Chat", .bidirectional)

    /// One that no server has.
    static func missing(_ name: String) -> Method<Text, Text> { Method(service, name, .unary) }
}

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

/// A handler's error that isn't an `RPCError`.
struct DiskFull: Error, CustomStringConvertible {
    var description: String { "no space left on /var" }
}

extension CallInvoker {
    func get(_ request: Text, options: CallOptions = .default) async throws -> Text {
        try await unary(TestMethods.get, request, options)
    }

    /// The code with which a call ends.
    func code(
        of method: Method<Text, Text> = TestMethods.get, _ request: Text = "x", options: CallOptions = .default
    ) async -> StatusCode {
        do throws(RPCError) { _ = try await unary(method, request, options) } catch { return error.code }
        return .ok
    }

    /// One call of each shape.
    func callAll() async throws {
        _ = try await get("x")
        for try await _ in serverStreaming(TestMethods.list, "3", .default) {}
        let _: Text = try await clientStreaming(TestMethods.collect, .default) { requests in
            for text in ["x", "y"] as [Text] { try await requests.write(text) }
        }
        try await bidirectional(TestMethods.chat, .default) { requests, responses in
            try await requests.write("x")
            requests.finish()
            for try await _ in responses {}
        }
    }
}
