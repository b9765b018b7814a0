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
    static let missing = Method<Text, Text>(service, "Missing", .unary)
    static let elsewhere = Method<Text, Text>(ServiceDescriptor("test.Other", in: file), "Call", .unary)
}

/// Answers `Call` with a closure, and notes what became of the handlers.
final class TestService: RPCService {
    typealias Body = nonisolated(nonsending) @Sendable (Text, ServerContext) async throws -> Text

    private let body: Body
    private let notes = Mutex<[String]>([])

    init(_ body: @escaping Body) { self.body = body }

    static var echo: TestService { TestService { request, _ in request } }

    func register(in router: inout Router) {
        router.register(
            TestMethods.service,
            [
                .unary(TestMethods.call) { request, context in
                    do { return try await self.body(request, context) } catch {
                        let status = (error as? RPCError)?.code.name ?? "failed"
                        let note = error is CancellationError ? "cancelled" : status
                        self.notes.withLock { $0.append(note) }
                        throw error
                    }
                }
            ])
    }

    var noted: [String] { notes.withLock { $0 } }
}

extension ClientChannel {
    func call(
        _ request: Text, options: CallOptions = .default
    ) async throws -> Text {
        try await unary(TestMethods.call, request, options)
    }
}
