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
}
