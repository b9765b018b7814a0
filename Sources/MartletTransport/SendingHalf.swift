internal import MartletCore
private import Synchronization

/// Whether the writer of a call may go on. Usable on any thread.
///
/// ```
///     ( unplaced ) ── on a connection ──▶ ( free ) ──── queued ───▶ ( full )
///                                             ◀── has left ────
///     Each becomes ( finished ) when the writer or the call ends.
/// ```
final class SendingHalf: Sendable {
    private struct State {
        /// The connection that the call is on.
        var place: ObjectIdentifier?
        var isQueued = false
        /// The next message is to be made smaller, and the server's Hello hasn't said whether it may be.
        var awaitsHello = false
        var isFinished: Bool
        var hasSent = false
        var end: Result<Metadata, RPCError>?
        var writer: UnsafeContinuation<Void, Never>?

        var mayGoOn: Bool { place != nil && !isQueued && !awaitsHello || isFinished || end != nil }
    }

    private let state: Mutex<State>

    /// - Parameter isFinished: Whether nothing is to be sent but the request.
    init(isFinished: Bool) { state = Mutex(State(isFinished: isFinished)) }

    /// Whether a message may be sent now. Throws why none may any more.
    func mayGoOn() throws(RPCError) -> Bool {
        let (end, isFinished, mayGoOn) = state.withLock { ($0.end, $0.isFinished, $0.mayGoOn) }
        switch end {
        case .failure(let error): throw error
        case .success: throw RPCError(.failedPrecondition, "the server has ended the call and reads no more")
        case nil: break
        }
        if isFinished {
            throw RPCError(.failedPrecondition, "the last message was sent before: the call takes no more")
        }
        return mayGoOn
    }

    /// Waits until ``mayGoOn()`` has an answer other than false, whatever becomes of the task.
    nonisolated(nonsending) func waitForTurn() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isThere = state.withLock { state in
                if state.mayGoOn { return true }
                precondition(state.writer == nil, "two tasks write one stream at the same time")
                state.writer = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Whether anything was sent beyond what the call began with.
    var hasSent: Bool { state.withLock { $0.hasSent } }

    /// Whether ``finish()`` came.
    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// - Parameter isQueued: Whether the request waits in the wire.
    func place(on connection: ObjectIdentifier, isQueued: Bool) {
        wake { state in
            state.place = connection
            state.isQueued = isQueued
        }
    }

    func sent(isQueued: Bool) {
        state.withLock { state in
            state.hasSent = true
            state.isQueued = isQueued
        }
    }

    /// The connection doesn't know the call any more: what becomes of it comes soon, unless it is on another one already.
    func unplace(from connection: ObjectIdentifier) {
        state.withLock { if $0.place == connection { $0.place = nil } }
    }

    func awaitHello() { state.withLock { $0.awaitsHello = true } }

    func established() { wake { $0.awaitsHello = false } }

    /// What was queued has left.
    func left() { wake { $0.isQueued = false } }

    /// False: it was finished before.
    func finish() -> Bool {
        state.withLock { state in
            defer { state.isFinished = true }
            return !state.isFinished && state.end == nil
        }
    }

    func end(_ status: Result<Metadata, RPCError>) { wake { if $0.end == nil { $0.end = status } } }

    private func wake(_ change: (inout State) -> Void) {
        let writer: UnsafeContinuation<Void, Never>? = state.withLock { state in
            change(&state)
            return state.mayGoOn ? state.writer.take() : nil
        }
        writer?.resume()
    }
}
