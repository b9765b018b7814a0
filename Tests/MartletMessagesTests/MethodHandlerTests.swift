import MartletCore
import MartletMessages
import Synchronization
import Testing

/// The forms that a handler may have, without a server.
struct MethodHandlerTests {
    private static let method = Method<Implicit, Leaf>(
        ServiceDescriptor("martlet.testing.Names", in: FileDescriptor("names.proto", base64: "")), "Get", .unary)

    private static let stream = Method<Implicit, Leaf>(
        ServiceDescriptor("martlet.testing.Names", in: FileDescriptor("names.proto", base64: "")), "List",
        .serverStreaming)

    /// A call with one request that is here already. Keeps the last response, encoded.
    private final class Exchange: ServerExchange {
        private let request: IncomingMessage
        private let bytes = Mutex<[UInt8]?>(nil)

        init(_ request: IncomingMessage) { self.request = request }

        func takeOnlyMessage() throws(RPCError) -> IncomingMessage? { request }
        func takeMessage() throws(RPCError) -> IncomingMessage? { request }
        nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? { nil }
        func claimReading() -> Bool { true }
        func stopReading() {}
        func finish() {}
        func sendInitialMetadata() {}
        func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool { false }
        nonisolated(nonsending) func send<Element: Message>(
            _ message: Element, compressed: Bool?
        ) async throws(RPCError) {
            do throws(EncodingError) {
                let serialized = try message.serialized()
                bytes.withLock { $0 = serialized }
            } catch {
                throw RPCError(.internalError, "\(error)")
            }
        }

        func respond(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) {
            let response = [UInt8](size: size, write)
            bytes.withLock { $0 = response }
        }

        func response() throws -> Leaf { try Leaf(serialized: bytes.withLock { $0 } ?? []) }
    }

    private final class Bytes {
        let buffer: UnsafeMutableRawBufferPointer

        init(_ bytes: [UInt8]) {
            buffer = .allocate(byteCount: bytes.count, alignment: 1)
            buffer.copyBytes(from: bytes)
        }

        deinit { buffer.deallocate() }
    }

    private func call(_ handler: MethodHandler, with bytes: [UInt8]) async throws -> Leaf {
        let context = ServerContext(
            method: handler.method, metadata: [:], deadline: nil, peer: MartletCore.Peer(address: "test"))
        let owner = Bytes(bytes)
        let request = IncomingMessage(
            bytes: MessageBytes(UnsafeRawBufferPointer(owner.buffer), keptAliveBy: owner), wasCompressed: false)
        let exchange = Exchange(request)
        switch handler.body {
        case .synchronous(let body): try body(request, exchange, context)
        case .asynchronous(let body): try await body(exchange, context)
        }
        return try exchange.response()
    }

    private static let handlers: [(String, MethodHandler)] = [
        ("value", .unary(method) { request, _ in Leaf(name: request.aString, number: request.anInt32) }),
        (
            "synchronous",
            .unary(method, synchronous: { request, _ in Leaf(name: request.aString, number: request.anInt32) })
        ),
        (
            "view",
            .unary(
                method,
                viewing: { (request: borrowing Implicit.View, _) in
                    await Task.yield()
                    return Leaf(name: try request.aString, number: request.anInt32)
                })
        ),
        (
            "synchronous view",
            .unary(
                method,
                synchronouslyViewing: { (request: borrowing Implicit.View, _) in
                    Leaf(name: try request.aString, number: request.anInt32)
                })
        ),
        (
            "stream",
            .serverStreaming(stream) { request, responses, _ in
                try await responses.write(Leaf(name: request.aString, number: request.anInt32))
            }
        ),
        (
            "stream for a view",
            .serverStreaming(
                stream,
                viewing: { (request: borrowing Implicit.View, responses, _) in
                    try await responses.write(Leaf(name: try request.aString, number: request.anInt32))
                })
        ),
    ]

    @Test(arguments: handlers)
    func answers(form: String, handler: MethodHandler) async throws {
        let request = Implicit(anInt32: 7, aString: KindCase.long)
        #expect(try await call(handler, with: request.serialized()) == Leaf(name: KindCase.long, number: 7))
    }

    /// A view finds out late that a string isn't UTF-8.
    @Test(arguments: handlers, [[0x72, 5], [0x72, 1, 0xFF]] as [[UInt8]])
    func refusesWrongBytes(handler: (String, MethodHandler), bytes: [UInt8]) async throws {
        let error = await #expect(throws: RPCError.self) { try await call(handler.1, with: bytes) }
        #expect(error?.code == .internalError)
        #expect(error?.message.hasPrefix("cannot decode martlet.testing.Implicit") == true)
    }

    /// A handler's own errors pass as they are.
    @Test func errorsOfHandlers() async throws {
        let handler = MethodHandler.unary(
            Self.method,
            viewing: { (request: borrowing Implicit.View, _) -> Leaf in throw RPCError(.notFound, "\(request.anInt32)")
            })
        let error = await #expect(throws: RPCError.self) { try await call(handler, with: []) }
        #expect(error?.code == .notFound && error?.message == "0")
    }
}
