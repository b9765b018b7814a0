internal import Logging
internal import MartletCore
internal import MartletTransport
internal import MartletWire

/// Finds the handler of each request and runs it inside of the interceptors.
final class CallHandling: CallDispatcher {
    /// A class, so that a call refers to it with one count.
    fileprivate final class Entry: Sendable {
        let handler: MethodHandler
        let placement: HandlerPlacement
        /// The whole call: what its handler is registered with, inside of the interceptors, and the end of a stream.
        let body: MethodHandler.Asynchronous

        /// - Parameter interceptors: The server's; the service's come behind them.
        init(_ handler: MethodHandler, _ interceptors: [any ServerInterceptor]) {
            self.handler = handler
            let interceptors = interceptors + handler.interceptors
            placement =
                switch (handler.executor, handler.body) {
                case (.globalPool, _): .pool
                case (.eventLoop, .synchronous) where interceptors.isEmpty: .atOnce
                case (.eventLoop, _): .loop
                }
            let registered: MethodHandler.Asynchronous =
                switch handler.body {
                case .asynchronous(let body): body
                case .synchronous(let body):
                    { exchange, context in try body(try await exchange.onlyMessage(), exchange, context) }
                }
            let hasOnlyResponse = handler.method.shape == .unary || handler.method.shape == .clientStreaming
            body = Self.body(registered, interceptors, hasOnlyResponse: hasOnlyResponse)
        }
    }

    let logger: Logger
    private let entries: [Entry]
    private let index: MethodIndex
    private let services: Set<String>
    private let interceptors: [any ServerInterceptor]
    private let responseCompression: Compression?

    /// A call without a handler, which only interceptors see.
    private static let unknown = -1

    init(router: Router, configuration: ServerConfiguration) {
        let interceptors = configuration.interceptors
        entries = router.handlers.values.map { Entry($0, interceptors) }
        index = MethodIndex(entries.map { (service: $0.handler.method.service, method: $0.handler.method.name) })
        services = Set(entries.map { $0.handler.method.service })
        self.interceptors = interceptors
        responseCompression = configuration.responseCompression
        logger = configuration.logger
    }

    func prepare(_ call: ServerCall, for request: borrowing WireRequest) -> HandlerPlacement {
        if let position = index.position(of: request) {
            let entry = entries[position]
            prepare(call, for: request, method: entry.handler.method, handler: position)
            if case .atOnce = entry.placement, !call.hasWholeRequest { return .loop }
            return entry.placement
        }
        let method = MethodDescriptor(service: request.service, name: request.method, shape: .unary)
        if interceptors.isEmpty { return .refused(unimplemented(method)) }
        prepare(call, for: request, method: method, handler: Self.unknown)
        return .loop
    }

    func handler(service: String, method: String) -> MethodHandler? {
        index.position(service: service, method: method).map { entries[$0].handler }
    }

    private func prepare(
        _ call: ServerCall, for request: borrowing WireRequest, method: MethodDescriptor, handler: Int
    ) {
        call.handler = handler
        call.context = ServerContext(
            method: method, metadata: request.metadata, deadline: call.deadline, peer: call.peer,
            hasHandler: handler != Self.unknown, responseCompression: responseCompression, exchange: call,
            environment: self)
    }

    func body(of call: ServerCall) -> MethodHandler.Asynchronous {
        call.handler == Self.unknown ? refusal(of: call) : entries[call.handler].body
    }

    /// Lets interceptors see a call that has no handler.
    private func refusal(of call: ServerCall) -> MethodHandler.Asynchronous {
        let refusal = unimplemented(call.context.method)
        return { [interceptors] _, context in
            try await interceptors.run(context) { throw refusal }
            throw refusal
        }
    }

    func runSynchronously(_ call: ServerCall) {
        let context = call.context!
        do {
            try ServerContext.$current.withValue(context) {
                guard case .synchronous(let body) = entries[call.handler].handler.body else { return }
                if let request = try call.takeOnlyMessage() { try body(request, call, context) }
            }
        } catch {
            call.fail(with: outcome(of: error, in: context))
        }
    }

    private func unimplemented(_ method: MethodDescriptor) -> RPCError {
        services.contains(method.service)
            ? RPCError(
                .unimplemented, "the service \(method.service) has no method \"\(method.name)\"", isSafeToRetry: true)
            : RPCError(
                .unimplemented,
                "the server has no service \"\(method.service)\"; it has \(services.sorted().joined(separator: ", "))",
                isSafeToRetry: true)
    }
}

extension CallHandling.Entry {
    private static func body(
        _ handler: @escaping MethodHandler.Asynchronous, _ interceptors: [any ServerInterceptor], hasOnlyResponse: Bool
    ) -> MethodHandler.Asynchronous {
        if hasOnlyResponse, interceptors.isEmpty { return handler }
        return { exchange, context in
            let call = exchange as! ServerCall
            if hasOnlyResponse { call.holdResponse() }
            try await interceptors.run(context) { try await handler(call, context) }
            if hasOnlyResponse { try call.sendHeldResponse() } else { call.complete() }
        }
    }
}

// MARK: - Errors

extension CallHandling {
    /// What the client is told. The text of foreign errors stays in the log, and whether a retry is safe isn't for a
    /// handler to say.
    func outcome(of error: any Error, in context: ServerContext) -> RPCError {
        switch error {
        case let error as RPCError:
            // No handler has seen it, and a retry is safe.
            if !context.hasHandler, error == unimplemented(context.method) { return error }
            var metadata = error.metadata
            for field in context.trailingMetadata.fields { metadata.append(field.value, for: field.key) }
            return RPCError(error.code, error.message, details: error.details, metadata: metadata)
        case is CancellationError:
            return context.cancellationReason == .deadline
                ? RPCError(.deadlineExceeded, "the deadline passed while the handler of \(context.method) was running")
                : RPCError(
                    .cancelled, "the handler of \(context.method) was cancelled", metadata: context.trailingMetadata)
        default:
            context.logger.error(
                "a handler failed with an error that isn't an RPCError", metadata: ["error": "\(error)"])
            return RPCError(.unknown, "the handler of \(context.method) failed", metadata: context.trailingMetadata)
        }
    }
}
