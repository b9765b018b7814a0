internal import Logging
internal import MartletCore
internal import MartletTransport
internal import MartletWire
internal import NIOCore

/// Finds the handler of each request and runs it.
struct CallHandling: CallDispatcher {
    private let handlers: [MethodHandler]
    private let index: MethodIndex
    private let services: Set<String>
    private let logger: Logger

    init(router: Router, logger: Logger) {
        handlers = Array(router.handlers.values)
        index = MethodIndex(handlers.map { (service: $0.method.service, method: $0.method.name) })
        services = Set(handlers.map { $0.method.service })
        self.logger = logger
    }

    func dispatch(_ request: WireRequest, to call: ServerCall) {
        guard let position = index.position(of: request) else {
            return call.fail(with: unimplemented(service: request.service, method: request.method))
        }
        let handler = handlers[position]
        let context = ServerContext(
            method: handler.method, metadata: request.metadata, deadline: call.deadline, peer: call.peer,
            exchange: call)
        call.request = IncomingMessage(
            bytes: MessageBytes(request.message?.bytes ?? ByteBuffer()), wasCompressed: false)
        call.run(in: context) { [logger] in
            do {
                try await ServerContext.$current.withValue(context) {
                    switch handler.body {
                    case .synchronous(let body): try body(call.takeMessage()!, call, context)
                    case .asynchronous(let body): try await body(call, context)
                    }
                }
            } catch {
                call.fail(
                    with: outcome(of: error, in: handler.method, trailers: context.trailingMetadata, logger: logger))
            }
        }
    }

    private func unimplemented(service: String, method: String) -> RPCError {
        services.contains(service)
            ? RPCError(.unimplemented, "the service \(service) has no method \"\(method)\"", isSafeToRetry: true)
            : RPCError(
                .unimplemented,
                "the server has no service \"\(service)\"; it has \(services.sorted().joined(separator: ", "))",
                isSafeToRetry: true)
    }
}

/// What the client is told of an error that a handler threw. The text of foreign errors stays in the log.
private func outcome(
    of error: any Error, in method: MethodDescriptor, trailers: Metadata, logger: Logger
) -> RPCError {
    switch error {
    case let error as RPCError:
        var metadata = error.metadata
        for field in trailers.fields { metadata.append(field.value, for: field.key) }
        return RPCError(error.code, error.message, details: error.details, metadata: metadata)
    case is CancellationError:
        return RPCError(.cancelled, "the handler of \(method) was cancelled", metadata: trailers)
    default:
        logger.error(
            "a handler failed with an error that isn't an RPCError",
            metadata: ["method": "\(method)", "error": "\(error)"])
        return RPCError(.unknown, "the handler of \(method) failed", metadata: trailers)
    }
}
