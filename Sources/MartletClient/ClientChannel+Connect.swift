public import MartletCore
internal import MartletTransport
internal import NIOCore

extension ClientChannel {
    /// Resolves the target and connects now rather than with the first call, and returns when calls can be made.
    ///
    /// - Parameters:
    ///   - timeout: Default: none.
    ///   - waitsForReady: Whether failed attempts are waited out. Default false.
    /// - Throws: UNAVAILABLE with what is in the way, DEADLINE_EXCEEDED or CANCELLED.
    public nonisolated(nonsending) func connect(
        timeout: Duration? = nil, waitsForReady: Bool = false
    ) async throws(RPCError) {
        let done = Eventually<Waiter.Outcome>()
        let waiter = Waiter { done.resolve($0) }
        let source = source
        if let timeout {
            let deadline = source.executor.uptimeNanoseconds &+ UInt64(max(0, timeout.nanoseconds))
            waiter.expire(at: deadline, on: source.executor.loop) {
                RPCError(.deadlineExceeded, "the channel wasn't ready after \(timeout)")
            }
        }
        source.waitForConnection(waiter, waitsForReady: waitsForReady)
        let outcome = await withTaskCancellationHandler {
            await done.value()
        } onCancel: {
            _ = waiter.resolve(.failed(RPCError(.cancelled, "the caller cancelled the connecting")))
        }
        if case .failed(let error) = outcome { throw error }
    }
}
