import Martlet

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
    static let service = ServiceDescriptor("test.Service", in: FileDescriptor("test.proto", base64: ""))
    static let get = Method<Text, Text>(service, "Get", .unary)
    static let list = Method<Text, Text>(service, "List", .serverStreaming)
    static let collect = Method<Text, Text>(service, "Collect", .clientStreaming)
    static let chat = Method<Text, Text>(service, "Chat", .bidirectional)
    static let missing = Method<Text, Text>(service, "Missing", .unary)
}

extension CallInvoker {
    func get(_ request: Text, options: CallOptions = .default) async throws -> Text {
        try await unary(TestMethods.get, request, options)
    }
}
