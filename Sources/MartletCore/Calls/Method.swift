/// Which sides of a method stream messages: bit 0 the client, bit 1 the server.
public enum CallShape: UInt8, Sendable {
    /// One request, one response.
    case unary = 0
    /// A stream of requests, one response.
    case clientStreaming = 1
    /// One request, a stream of responses.
    case serverStreaming = 2
    /// A stream each way, side by side.
    case bidirectional = 3

    package init(streamsRequests: Bool, streamsResponses: Bool) {
        self.init(rawValue: (streamsRequests ? 1 : 0) | (streamsResponses ? 2 : 0))!
    }

    /// Whether the client may send any number of messages.
    public var streamsRequests: Bool { rawValue & 1 != 0 }
    /// Whether the server may send any number of messages.
    public var streamsResponses: Bool { rawValue & 2 != 0 }
}

/// A service as its `.proto` file names it.
public struct ServiceDescriptor: Sendable, Hashable {
    /// The full name, such as `users.v1.UserService`.
    public let name: String
    /// The `.proto` file that declares it.
    public let file: FileDescriptor

    /// For generated code.
    public init(_ name: String, in file: FileDescriptor) {
        self.name = name
        self.file = file
    }
}

/// What routers, interceptors and logs see of a method: everything but its types.
public struct MethodDescriptor: Sendable, Hashable, CustomStringConvertible {
    /// The full name of the service, such as `users.v1.UserService`.
    public let service: String
    /// The method's name in the `.proto` file, such as `GetUser`.
    public let name: String
    /// Which sides stream.
    public let shape: CallShape
    /// Whether the `.proto` file says `option idempotency_level = NO_SIDE_EFFECTS`: the method only reads, so that it can
    /// be called with HTTP's GET.
    public let hasNoSideEffects: Bool

    /// Two are equal only if all of this is: a router finds methods by it.
    public init(service: String, name: String, shape: CallShape, hasNoSideEffects: Bool = false) {
        self.service = service
        self.name = name
        self.shape = shape
        self.hasNoSideEffects = hasNoSideEffects
    }

    /// Such as `users.v1.UserService/GetUser`.
    public var description: String { "\(service)/\(name)" }
}

/// A method with its types; generated code has one per rpc.
public struct Method<Request: Message, Response: Message>: Sendable {
    /// The same without the types.
    public let descriptor: MethodDescriptor

    /// For generated code, and for methods that are known without it.
    public init(
        _ service: ServiceDescriptor, _ name: String, _ shape: CallShape, hasNoSideEffects: Bool = false
    ) {
        descriptor = MethodDescriptor(
            service: service.name, name: name, shape: shape, hasNoSideEffects: hasNoSideEffects)
    }
}
