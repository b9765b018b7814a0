public import Martlet

/// Stands in for a method that takes one message and returns one.
public nonisolated final class UnaryDouble<Request: Message, Response: Message>: MethodDouble {
    /// Answers one call as a handler does.
    public typealias Answer = nonisolated(nonsending) @Sendable (Request, ServerContext) async throws -> Response

    private let method: Method<Request, Response>
    private let core: DoubleCore<Request, Answer>

    /// - Parameters:
    ///   - method: Which method it stands in for.
    ///   - property: What the double is called where it is used. Default: the method's name with a small first letter.
    public init(_ method: Method<Request, Response>, property: String? = nil) {
        self.method = method
        core = DoubleCore(method.descriptor, property: property)
    }

    /// Answers the calls that come from now on. They fail with UNIMPLEMENTED before.
    public func answer(_ body: @escaping Answer) { core.setAnswer(body) }

    /// The calls so far, in the order in which they came.
    public var calls: [RecordedCall<Request>] { core.calls }

    public var handler: MethodHandler {
        core.recorded(.unary(method) { [core] request, context in try await core.answer()(request, context) })
    }
}

/// Stands in for a method that takes one message and returns a stream of them.
public nonisolated final class ServerStreamingDouble<Request: Message, Response: Message>: MethodDouble {
    /// Answers one call as a handler does.
    public typealias Answer =
        nonisolated(nonsending) @Sendable (Request, MessageWriter<Response>, ServerContext) async throws -> Void

    private let method: Method<Request, Response>
    private let core: DoubleCore<Request, Answer>

    /// - Parameters:
    ///   - method: Which method it stands in for.
    ///   - property: What the double is called where it is used. Default: the method's name with a small first letter.
    public init(_ method: Method<Request, Response>, property: String? = nil) {
        self.method = method
        core = DoubleCore(method.descriptor, property: property)
    }

    /// Answers the calls that come from now on. They fail with UNIMPLEMENTED before.
    public func answer(_ body: @escaping Answer) { core.setAnswer(body) }

    /// The calls so far, in the order in which they came.
    public var calls: [RecordedCall<Request>] { core.calls }

    public var handler: MethodHandler {
        core.recorded(
            .serverStreaming(method) { [core] request, responses, context in
                try await core.answer()(request, responses, context)
            })
    }
}

/// Stands in for a method that takes a stream of messages and returns one.
public nonisolated final class ClientStreamingDouble<Request: Message, Response: Message>: MethodDouble {
    /// Answers one call as a handler does.
    public typealias Answer =
        nonisolated(nonsending) @Sendable (MessageStream<Request>, ServerContext) async throws -> Response

    private let method: Method<Request, Response>
    private let core: DoubleCore<Request, Answer>

    /// - Parameters:
    ///   - method: Which method it stands in for.
    ///   - property: What the double is called where it is used. Default: the method's name with a small first letter.
    public init(_ method: Method<Request, Response>, property: String? = nil) {
        self.method = method
        core = DoubleCore(method.descriptor, property: property)
    }

    /// Answers the calls that come from now on. They fail with UNIMPLEMENTED before.
    public func answer(_ body: @escaping Answer) { core.setAnswer(body) }

    /// The calls so far, in the order in which they came.
    public var calls: [RecordedCall<Request>] { core.calls }

    public var handler: MethodHandler {
        core.recorded(
            .clientStreaming(method) { [core] requests, context in try await core.answer()(requests, context) })
    }
}

/// Stands in for a method whose two streams go on side by side.
public nonisolated final class BidirectionalDouble<Request: Message, Response: Message>: MethodDouble {
    /// Answers one call as a handler does.
    public typealias Answer =
        nonisolated(nonsending) @Sendable (
            MessageStream<Request>, MessageWriter<Response>, ServerContext
        ) async throws -> Void

    private let method: Method<Request, Response>
    private let core: DoubleCore<Request, Answer>

    /// - Parameters:
    ///   - method: Which method it stands in for.
    ///   - property: What the double is called where it is used. Default: the method's name with a small first letter.
    public init(_ method: Method<Request, Response>, property: String? = nil) {
        self.method = method
        core = DoubleCore(method.descriptor, property: property)
    }

    /// Answers the calls that come from now on. They fail with UNIMPLEMENTED before.
    public func answer(_ body: @escaping Answer) { core.setAnswer(body) }

    /// The calls so far, in the order in which they came.
    public var calls: [RecordedCall<Request>] { core.calls }

    public var handler: MethodHandler {
        core.recorded(
            .bidirectional(method) { [core] requests, responses, context in
                try await core.answer()(requests, responses, context)
            })
    }
}
