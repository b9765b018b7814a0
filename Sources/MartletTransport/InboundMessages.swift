internal import MartletCore
internal import MartletWire
internal import NIOCore
private import Synchronization

/// The requests of one streaming call on their way from the connection's loop to whoever reads them.
///
/// The loop appends; the reader takes all that is there in one step and goes through it without a lock.
///
/// Unchecked: `batch` and what was taken of it are the reader's, of whom there is one at a time; all else is behind the lock.
final class InboundMessages: @unchecked Sendable {
    enum Next {
        case message(WireMessage)
        /// None is here yet.
        case nothing
        /// There are no more.
        case end
        case failed(RPCError)
    }

    private enum End {
        case halfClosed
        case failed(RPCError)
    }

    enum Arrival {
        case kept
        /// Somebody waits for it, to be woken with ``wake()``.
        case awaited
        /// Nobody will read it.
        case dropped
    }

    private struct Shared {
        var arrived: [WireMessage] = []
        var end: End?
        var isStopped = false
        var reader: UnsafeContinuation<Void, Never>?
    }

    private let shared = Mutex(Shared())
    private let isClaimed = Atomic(false)
    private var batch: [WireMessage] = []
    private var position = 0
    /// Sizes of what was taken and not reported yet.
    private var taken: [Int] = []
    private var takenBytes = 0

    /// Bytes that a reader on another thread takes before it lets the client send more.
    private static let reportedBytes = 16 << 10

    /// True once: a stream is read by one loop.
    func claim() -> Bool { !isClaimed.exchange(true, ordering: .relaxed) }

    // MARK: - The connection's loop

    func append(_ message: WireMessage) -> Arrival {
        shared.withLock { shared in
            guard shared.end == nil, !shared.isStopped else { return .dropped }
            shared.arrived.append(message)
            return shared.reader == nil ? .kept : .awaited
        }
    }

    /// What has arrived is still read. The result: whether somebody waits.
    func halfClose() -> Bool {
        shared.withLock { shared in
            if shared.end == nil { shared.end = .halfClosed }
            return shared.reader != nil
        }
    }

    /// The call is over: what nobody has read is dropped.
    func fail(_ error: RPCError) {
        shared.withLock { shared in
            shared.end = .failed(error)
            shared.arrived = []
        }
        wake()
    }

    func wake() { shared.withLock { $0.reader.take() }?.resume() }

    // MARK: - The reader

    func next() -> Next {
        if position < batch.count {
            defer { position += 1 }
            return .message(batch[position])
        }
        batch.removeAll(keepingCapacity: true)
        position = 0
        let end: End? = shared.withLock { shared in
            swap(&batch, &shared.arrived)
            return shared.end
        }
        if !batch.isEmpty {
            position = 1
            return .message(batch[0])
        }
        return switch end {
        case nil: .nothing
        case .halfClosed: .end
        case .failed(let error): .failed(error)
        }
    }

    /// Whether so much was taken that it is worth a report.
    func noteTaken(_ size: Int) -> Bool {
        taken.append(size)
        takenBytes += size
        return takenBytes >= Self.reportedBytes || taken.count >= 256
    }

    func takeTaken() -> [Int] {
        defer {
            taken.removeAll()
            takenBytes = 0
        }
        return taken
    }

    /// Nobody reads on. The result: the sizes of what is dropped.
    func stop() -> [Int] {
        let arrived = shared.withLock { shared in
            defer { shared.arrived = [] }
            shared.isStopped = true
            return shared.arrived
        }
        let dropped = (batch[position...] + arrived).map(\.bytes.readableBytes)
        batch = []
        position = 0
        return dropped
    }

    /// Waits until there is something to take. Throws CANCELLED when the reading task is cancelled.
    nonisolated(nonsending) func wait() async throws(RPCError) {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isWaiting = shared.withLock { shared in
                    guard shared.arrived.isEmpty, shared.end == nil, !Task.isCancelled else { return false }
                    shared.reader = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        if Task.isCancelled, shared.withLock({ $0.arrived.isEmpty && $0.end == nil }) {
            throw RPCError(.cancelled, "the task that reads the requests was cancelled")
        }
    }
}
