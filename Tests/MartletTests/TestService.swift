import Martlet
import Synchronization

/// A message that is its own bytes, so that these tests need no generated code.
struct Text: Message, Hashable, ExpressibleByStringInterpolation {
    static var messageName: String { "test.Text" }

    var bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(stringLiteral text: String) { self.init(text) }
    init(count: Int) { bytes = Array(repeating: UInt8(ascii: "x"), count: count) }

    init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {
        guard bytes.first != 0xFF else { throw DecodingError(.malformed(.wireType), message: Self.messageName) }
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
    static let call = Method<Text, Text>(service, "Call", .unary)
    static let list = Method<Text, Text>(service, "List", .serverStreaming)
    static let collect = Method<Text, Text>(service, "Collect", .clientStreaming)
    static let chat = Method<Text, Text>(service, "Chat", .bidirectional)
    static let missing = Method<Text, Text>(service, "Missing", .unary)
    static let elsewhere = Method<Text, Text>(ServiceDescriptor("test.Other", in: file), "Call", .unary)
}

/// Answers each method with a closure, and notes what became of the handlers.
///
/// Without closures `Call` and `Chat` return what they get, `List` counts from 0 up to the number in its request, and
/// `Collect` joins what it gets with commas.
final class TestService: RPCService {
    typealias Call = nonisolated(nonsending) @Sendable (Text, ServerContext) async throws -> Text
    typealias List = nonisolated(nonsending) @Sendable (Text, MessageWriter<Text>, ServerContext) async throws -> Void
    typealias Collect = nonisolated(nonsending) @Sendable (MessageStream<Text>, ServerContext) async throws -> Text
    typealias Chat =
        nonisolated(nonsending) @Sendable (MessageStream<Text>, MessageWriter<Text>, ServerContext) async throws -> Void

    private let call: Call
    private let list: List
    private let collect: Collect
    private let chat: Chat
    private let notes = Mutex<[String]>([])

    init(
        _ call: @escaping Call = { request, _ in request },
        list: @escaping List = { request, responses, _ in
            for number in 0..<Int(request.text)! { try await responses.write("\(number)") }
        },
        collect: @escaping Collect = { requests, _ in
            var texts: [String] = []
            for try await request in requests { texts.append(request.text) }
            return Text(texts.joined(separator: ","))
        },
        chat: @escaping Chat = { requests, responses, _ in
            for try await request in requests { try await responses.write(request) }
        }
    ) {
        self.call = call
        self.list = list
        self.collect = collect
        self.chat = chat
    }

    static var echo: TestService { TestService() }

    func register(in router: inout Router) {
        router.register(
            TestMethods.service,
            [
                .unary(TestMethods.call) { request, context in
                    try await self.noting { try await self.call(request, context) }
                },
                .serverStreaming(TestMethods.list) { request, responses, context in
                    try await self.noting { try await self.list(request, responses, context) }
                },
                .clientStreaming(TestMethods.collect) { requests, context in
                    try await self.noting { try await self.collect(requests, context) }
                },
                .bidirectional(TestMethods.chat) { requests, responses, context in
                    try await self.noting { try await self.chat(requests, responses, context) }
                },
            ])
    }

    private nonisolated(nonsending) func noting<R>(
        _ handler: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        do { return try await handler() } catch {
            let status = (error as? RPCError)?.code.name ?? "failed"
            let note = error is CancellationError ? "cancelled" : status
            notes.withLock { $0.append(note) }
            throw error
        }
    }

    /// How the handlers that failed ended: `cancelled`, the code's name, or `failed`.
    var noted: [String] { notes.withLock { $0 } }
}

extension ClientChannel {
    func call(
        _ request: Text, options: CallOptions = .default
    ) async throws -> Text {
        try await unary(TestMethods.call, request, options)
    }
}
