/// A type that answers calls: a struct, final class, actor or main-actor class that conforms to a generated
/// service protocol.
public protocol RPCService: Sendable {
    /// Tells the router which methods this value answers. Generated protocols implement it; a type that serves
    /// several services calls their `register…(in:)` helpers one after another.
    func register(in router: inout Router)
}

/// The methods that a server answers.
public struct Router: Sendable {
    package private(set) var handlers: [MethodDescriptor: MethodHandler] = [:]
    /// Methods that more than one service claims; a server refuses to start with any.
    package private(set) var conflicts: [MethodDescriptor] = []

    public init() {}

    /// Adds the methods of a service.
    public mutating func register(_ service: ServiceDescriptor, _ handlers: [MethodHandler]) {
        for handler in handlers where self.handlers.updateValue(handler, forKey: handler.method) != nil {
            conflicts.append(handler.method)
        }
    }

    /// Adds what a service registers, changed.
    fileprivate mutating func register(
        _ service: any RPCService, _ change: (inout MethodHandler) -> Void
    ) {
        var inner = Router()
        service.register(in: &inner)
        conflicts += inner.conflicts
        for (method, handler) in inner.handlers {
            var handler = handler
            change(&handler)
            if handlers.updateValue(handler, forKey: method) != nil { conflicts.append(method) }
        }
    }
}

// MARK: - Where handlers run

/// Where a method's handler runs.
public enum HandlerExecutor: Sendable, Hashable {
    /// On the event loop of the call's connection: no thread is changed. For handlers that neither compute for long
    /// nor block, since they hold up the other calls of the loop. The default.
    case eventLoop
    /// On Swift's global pool, whose threads are there for computing.
    case globalPool
}

extension RPCService {
    /// The same service with handlers that run elsewhere: `Users(…).running(on: .globalPool)`.
    ///
    /// - Parameter methods: Which handlers. Default (none named): all.
    public func running(on executor: HandlerExecutor, for methods: MethodDescriptor...) -> some RPCService {
        ChangedService(service: self) { handler in
            if methods.isEmpty || methods.contains(handler.method) { handler.executor = executor }
        }
    }

    /// The same service with interceptors around its methods. The first is the outermost; a server's own are outside
    /// of it.
    public func intercepted(by interceptors: any ServerInterceptor...) -> some RPCService {
        ChangedService(service: self) { $0.interceptors = interceptors + $0.interceptors }
    }
}

private struct ChangedService: RPCService {
    let service: any RPCService
    let change: @Sendable (inout MethodHandler) -> Void

    func register(in router: inout Router) { router.register(service, change) }
}
