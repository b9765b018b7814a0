import Logging
import Martlet
import Synchronization
import Testing

/// A value that a test shares with the closures it hands out.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

extension Logger {
    static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}

extension ServiceInstance {
    static func test(
        _ id: String, service: String = "users", port: Int = 7000, _ change: (inout ServiceInstance) -> Void = { _ in }
    ) -> ServiceInstance {
        var instance = ServiceInstance(service: service, id: id, addresses: [.tcp("10.0.0.7", port)])
        change(&instance)
        return instance
    }
}

/// The error that something ends with.
func errorOf<R>(sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> R) async throws
    -> RPCError
{
    do {
        let result = try await body()
        Issue.record("it succeeded with \(result)", sourceLocation: sourceLocation)
        return RPCError(.unknown, "no error")
    } catch {
        return try #require(error as? RPCError, sourceLocation: sourceLocation)
    }
}
