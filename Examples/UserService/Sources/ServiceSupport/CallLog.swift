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
        logger.info("\(context.method.name): OK after \(milliseconds(clock.now - start))")
        return response
    } catch {
        let (level, text) = outcome(of: error, in: context)
        logger.log(level: level, "\(context.method.name): \(text), after \(milliseconds(clock.now - start))")
        throw error
    }
}

/// The status that the caller sees. An error that isn't for its eyes stands here in full, and only here.
private func outcome(of error: any Error, in context: ServerContext) -> (Logger.Level, String) {
    if let left = context.deadline?.remaining, Task.isCancelled || left == .zero {
        (.warning, left == .zero ? "stopped at its deadline" : "stopped \(milliseconds(left)) before its deadline")
    } else if Task.isCancelled {
        (.info, "stopped, for its caller has given it up")
    } else if let error = error as? RPCError {
        (.info, error.code.name)
    } else {
        (.error, "UNKNOWN: \(error)")
    }
}

private func milliseconds(_ duration: Duration) -> String { "\(Int((duration / .milliseconds(1)).rounded())) ms" }
