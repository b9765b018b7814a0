internal import Logging
internal import MartletCore
internal import MartletTransport
internal import MartletWire

/// Finds the handler of each request and runs it inside of the interceptors.
final class CallHandling: CallDispatcher {
    /// A class, so that a call refers to it with one count.
    fileprivate final class Entry: Sendable {
        let handler: MethodHandler
        /// The server's, then the service's.
        let interceptors: [any ServerInterceptor]
        /// Whether the method sends one response rather than a stream of them.
        let hasOnlyResponse: Bool
        let placement: HandlerPlacement
        /// Whether the body makes the whole call: no interceptor around it, no stream to end after it.
        let isBare: Bool
        let body: MethodHandler.Asynchronous

        init(_ handler: MethodHandler, _ interceptors: [any ServerInterceptor]) {
            self.handler = handler
            self.interceptors = interceptors + handler.interceptors
            hasOnlyResponse = handler.method.shape == .unary || handler.method.shape == .clientStreaming
            placement =
                switch (handler.executor, handler.body) {
                case (.globalPool, _): .pool
                case (.eventLoop, .synchronous) where self.interceptors.isEmpty: .atOnce
                case (.eventLoop, _): .loop
                }
            isBare = self.interceptors.isEmpty && hasOnlyResponse
            body =
                switch handler.body {
                case .asynchronous(let body): body
                case .synchronous(let body):
                    { exchange, context in try body(try await exchange.onlyMessage(), exchange, context) }
                }
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

    nonisolated(nonsending) func run(_ call: ServerCall) async {
        let context = call.context!
        if call.handler == Self.unknown { return await refuse(call, context) }
        let entry = entries[call.handler]
        do {
            try await ServerContext.$current.withValue(context) {
                // Every function between here and the body would cost a switch of executors.
                if entry.isBare { try await entry.body(call, context) } else { try await entry.run(call, context) }
            }
        } catch {
            call.fail(with: context.outcome(of: error))
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
            call.fail(with: context.outcome(of: error))
        }
    }

    /// Lets interceptors see a call that has no handler.
    private nonisolated(nonsending) func refuse(_ call: ServerCall, _ context: ServerContext) async {
        let refusal = unimplemented(context.method)
        do {
            try await ServerContext.$current.withValue(context) {
                try await interceptors.run(context) { throw refusal }
            }
            throw refusal
        } catch {
            call.fail(with: error as? RPCError == refusal ? refusal : context.outcome(of: error))
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
    /// Runs the handler to its end, and the call if it goes well.
    @inline(__always)
    fileprivate nonisolated(nonsending) func run(_ call: ServerCall, _ context: ServerContext) async throws {
        if interceptors.isEmpty {
            try await body(call, context)
            return call.complete()
        }
        if hasOnlyResponse { call.holdResponse() }
        try await interceptors.run(context) { try await body(call, context) }
        if hasOnlyResponse { try call.sendHeldResponse() } else { call.complete() }
    }
}

extension ServerContext {
    /// What the client is told of an error that a handler threw. The text of foreign errors stays in the log.
    fileprivate func outcome(of error: any Error) -> RPCError {
        switch error {
        case let error as RPCError:
            var metadata = error.metadata
            for field in trailingMetadata.fields { metadata.append(field.value, for: field.key) }
            return RPCError(error.code, error.message, details: error.details, metadata: metadata)
        case is CancellationError:
            return cancellationReason == .deadline
                ? RPCError(.deadlineExceeded, "the deadline passed while the handler of \(method) was running")
                : RPCError(.cancelled, "the handler of \(method) was cancelled", metadata: trailingMetadata)
        default:
            logger.error("a handler failed with an error that isn't an RPCError", metadata: ["error": "\(error)"])
            return RPCError(.unknown, "the handler of \(method) failed", metadata: trailingMetadata)
        }
    }
}
