/// A type that answers calls: a struct, final class, actor or main-actor class that conforms to a generated
/// service protocol.
public protocol RPCService: Sendable {
    /// Tells the router which methods this value answers. Generated protocols implement it; a type that serves
    /// several services calls their `register…(in:)` helpers one after another.
    func register(in router: inout Router)

    /// A server is about to listen; calls come after this. What follows if it can't listen is ``serverDrains()``.
    ///
    /// This and the two that follow do nothing unless a type says otherwise. They are called once each, on any thread;
    /// the server waits until they return.
    ///
    /// - Parameter services: All that the server serves, in the order of its list.
    func serverStarts(_ services: [ServiceDescriptor])

    /// The server will take no new calls soon, after its `drainDelay`; now is the time to tell those who choose between
    /// servers. Until then it answers as before.
    func serverWillDrain()

    /// The server takes no new calls from now on. It waits for those under way: streams without an end of their own
    /// should end.
    func serverDrains()
}

extension RPCService {
    public func serverStarts(_ services: [ServiceDescriptor]) {}
    public func serverWillDrain() {}
    public func serverDrains() {}
}

/// The methods that a server answers.
public struct Router: Sendable {
    /// In the order in which they were registered, each once.
    package private(set) var services: [ServiceDescriptor] = []
    package private(set) var handlers: [MethodDescriptor: MethodHandler] = [:]
    /// Methods that more than one service claims; a server refuses to start with any.
    package private(set) var conflicts: [MethodDescriptor] = []

    /// Without methods; a server fills it from its services.
    public init() {}

    /// Adds the methods of a service.
    public mutating func register(_ service: ServiceDescriptor, _ handlers: [MethodHandler]) {
        add(service)
        for handler in handlers where self.handlers.updateValue(handler, forKey: handler.method) != nil {
            conflicts.append(handler.method)
        }
    }

    private mutating func add(_ service: ServiceDescriptor) {
        if !services.contains(where: { $0.name == service.name }) { services.append(service) }
    }

    /// Adds what a service registers, changed.
    fileprivate mutating func register(
        _ service: any RPCService, _ change: (inout MethodHandler) -> Void
    ) {
        var inner = Router()
        service.register(in: &inner)
        for service in inner.services { add(service) }
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
    /// - Parameters:
    ///   - executor: Where they run.
    ///   - methods: Which handlers. Default (none named): all.
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
    func serverStarts(_ services: [ServiceDescriptor]) { service.serverStarts(services) }
    func serverWillDrain() { service.serverWillDrain() }
    func serverDrains() { service.serverDrains() }
}
