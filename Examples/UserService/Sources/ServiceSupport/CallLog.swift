public import Logging
public import Martlet

/// Runs what answers a call and logs one line about how it ended.
public func logging<Response>(
    _ context: ServerContext, to logger: Logger, _ answer: () async throws -> Response
) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    do {
        let response = try await answer()
        logger.info("\(context.method.name) from \(context.peer): OK after \(milliseconds(clock.now - start))")
        return response
    } catch {
        let outcome = outcome(of: error, in: context)
        logger.log(
            level: outcome.level,
            "\(context.method.name) from \(context.peer): \(outcome.text) after \(milliseconds(clock.now - start))")
        throw error
    }
}

/// What the caller sees, except for errors that aren't for its eyes: those stand here in full, and only here.
private func outcome(of error: any Error, in context: ServerContext) -> (text: String, level: Logger.Level) {
    if let deadline = context.deadline, deadline.remaining == .zero {
        ("DEADLINE_EXCEEDED", .warning)
    } else if error is CancellationError {
        ("CANCELLED", .info)
    } else if let error = error as? RPCError {
        (error.code.name, .info)
    } else {
        ("UNKNOWN (\(error))", .error)
    }
}

private func milliseconds(_ duration: Duration) -> String { "\(Int((duration / .milliseconds(1)).rounded())) ms" }
