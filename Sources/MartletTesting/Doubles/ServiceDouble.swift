public import Martlet

/// Stands in for a service in tests: answers calls with closures, and records them. Generated, one per service.
///
/// ```swift
/// let users = UserServiceDouble()
/// users.getUser.answer { request, _ in User(id: request.id) }
/// try await codeUnderTest(users.client)
/// #expect(users.getUser.calls.map(\.request.id) == ["u-1"])
/// ```
///
/// It is a service too, which a real server can serve.
public nonisolated protocol ServiceDouble: RPCService {
    /// The service that it stands in for.
    var service: ServiceDescriptor { get }
    /// The doubles of all its methods.
    var methods: [any MethodDouble] { get }
}

/// What stands in for one method: ``UnaryDouble`` and its siblings.
public nonisolated protocol MethodDouble: Sendable {
    /// Records a call and answers it.
    var handler: MethodHandler { get }
}

extension ServiceDouble {
    /// Answers calls here, without a connection: what a handler gets and what a caller gets are as they are over one.
    public nonisolated var invoker: any CallInvoker { LocalInvoker(methods.map(\.handler)) }

    public nonisolated func register(in router: inout Router) { router.register(service, methods.map(\.handler)) }
}
