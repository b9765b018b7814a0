internal import Logging
internal import MartletCore

/// Writes one line for each call that has ended.
struct CallLog {
    private let logger: Logger
    private let level: Logger.Level

    /// Nil if nothing is to be logged.
    init?(_ observability: Observability, else logger: Logger) {
        guard let level = observability.logLevel else { return nil }
        self.level = level
        self.logger = observability.logger ?? logger
    }

    /// Asked before a line is put together.
    var isOn: Bool { logger.logLevel <= level }

    func answered(_ context: ServerContext, _ outcome: CallOutcome, in elapsed: Duration) {
        var line = metadata(context.method, isKnown: context.hasHandler, outcome, at: .server, in: elapsed)
        line[Convention.peerAddress] = "\(context.peer)"
        if let remaining = context.timeRemaining { line[Convention.remaining] = "\(remaining.secondsText)" }
        if let attempts = context.metadata.previousAttempts { line[Convention.previousAttempts] = "\(attempts)" }
        logger.log(level: level, "answered a call", metadata: line)
    }

    func made(_ call: ClientCall, _ outcome: CallOutcome, in elapsed: Duration) {
        var line = metadata(call.method, isKnown: true, outcome, at: .client, in: elapsed)
        let own = call.options.timeout.map { max(.zero, $0 - elapsed) }
        let inherited = ServerContext.current?.timeRemaining
        if let remaining = own.map({ min($0, inherited ?? $0) }) ?? inherited {
            line[Convention.remaining] = "\(remaining.secondsText)"
        }
        if let record = call.options.record {
            if let server = record.server { line[Convention.peerAddress] = .string(server) }
            if record.attempts > 1 { line[Convention.previousAttempts] = "\(record.attempts - 1)" }
        }
        logger.log(level: level, "made a call", metadata: line)
    }

    private func metadata(
        _ method: MethodDescriptor, isKnown: Bool, _ outcome: CallOutcome, at side: CallSide, in elapsed: Duration
    ) -> Logger.Metadata {
        var line: Logger.Metadata = [
            Convention.system: .string(Convention.grpc),
            Convention.method: .string(isKnown ? method.description : Convention.unknownMethod),
            Convention.statusCode: .string(outcome.code.name),
            side.duration: .string(elapsed.secondsText),
        ]
        if !isKnown { line[Convention.originalMethod] = .string(method.description) }
        if side.isError(outcome.code) { line[Convention.errorType] = .string(outcome.code.name) }
        if let message = outcome.message { line[Convention.statusMessage] = .string(message) }
        if let exception = outcome.exception {
            line[Convention.exceptionType] = .string(String(reflecting: type(of: exception)))
            line[Convention.exceptionMessage] = .string("\(exception)")
        }
        return line
    }
}

extension Metadata {
    /// What gRPC's clients say of earlier attempts at a call
    /// (https://github.com/grpc/proposal/blob/master/A6-client-retries.md); nil at the first.
    var previousAttempts: Int? { self["grpc-previous-rpc-attempts"].flatMap { UInt32($0) }.map { Int($0) } }
}
