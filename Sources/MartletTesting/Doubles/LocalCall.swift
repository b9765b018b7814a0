internal import MartletCore
private import Synchronization

/// A call whose handler runs in the same process, without a connection.
final class LocalCall: Sendable {
    let exchange = LocalServerExchange()
    let outcome = Eventually<Result<Metadata, RPCError>>()
    private let context: ServerContext
    private let tasks = Mutex<[Task<Void, Never>]>([])

    var method: MethodDescriptor { context.method }

    init(_ method: MethodDescriptor, options: CallOptions) {
        let timeout = options.effectiveTimeout(default: nil, in: ServerContext.current)
        context = ServerContext(
            method: method, metadata: options.metadata, deadline: timeout.map { UptimeNow.shared.deadline(after: $0) },
            peer: Peer(address: "in-process"), exchange: exchange)
        exchange.setContext(context)
        if let timeout { begin { [self] in await expire(after: timeout) } }
    }

    /// Runs the handler in a task of its own, which inherits the caller's task-locals.
    func run(_ handler: MethodHandler) {
        begin { [self] in
            do {
                try await ServerContext.$current.withValue(context) {
                    try await handler.interceptors.run(context) { try await handler.run(exchange, context) }
                }
                try exchange.sendResponse()
                end(.success(context.trailingMetadata))
            } catch {
                end(.failure(self.error(for: error)))
            }
        }
    }

    private func begin(_ body: nonisolated(nonsending) @escaping @Sendable () async -> Void) {
        let task = Task { await body() }
        let isOver = tasks.withLock { tasks in
            tasks.append(task)
            return outcome.current != nil
        }
        if isOver { task.cancel() }
    }

    nonisolated(nonsending) private func expire(after timeout: Duration) async {
        do { try await Task.sleep(for: timeout) } catch { return }
        end(.failure(RPCError(.deadlineExceeded, "\(context.method) had \(timeout), which passed")), .deadline)
    }

    /// Ends the call; the first end counts.
    ///
    /// - Parameter reason: Why the handler is cancelled, if it is.
    func end(_ result: Result<Metadata, RPCError>, _ reason: ServerContext.CancellationReason? = nil) {
        guard outcome.resolve(result) else { return }
        if let reason { context.cancel(reason) }
        exchange.end(result.map { _ in () })
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// What a caller gets for an error that a handler threw. Unlike over a connection, foreign errors keep their text:
    /// it is the test's own.
    private func error(for error: any Error) -> RPCError {
        let trailers = context.trailingMetadata
        switch error {
        case let error as RPCError:
            var metadata = error.metadata
            for field in trailers.fields { metadata.append(field.value, for: field.key) }
            return RPCError(
                error.code, error.message, details: error.details, metadata: metadata, origin: .peer,
                isSafeToRetry: error.isSafeToRetry)
        case is CancellationError:
            return RPCError(
                .cancelled, "the handler of \(context.method) was cancelled", metadata: trailers, origin: .peer,
                isSafeToRetry: false)
        default:
            return RPCError(
                .unknown, "the handler of \(context.method) failed: \(error)", metadata: trailers, origin: .peer,
                isSafeToRetry: false)
        }
    }
}

extension MethodHandler {
    nonisolated(nonsending) fileprivate func run(
        _ exchange: LocalServerExchange, _ context: ServerContext
    ) async throws {
        switch body {
        case .asynchronous(let body):
            try await body(exchange, context)
        case .synchronous(let body):
            guard let request = try await exchange.nextMessage() else {
                throw RPCError(.unimplemented, "the client ended its side without the request that the method takes")
            }
            try body(request, exchange, context)
        }
    }
}
