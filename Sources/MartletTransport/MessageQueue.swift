package import MartletCore
package import MartletWire
internal import NIOCore
private import Synchronization

/// Messages on their way from a connection's loop to the one reader of a stream, on any thread.
///
/// The loop gathers what one socket read brings and hands it over at the read's end, which wakes the reader once. The
/// reader takes all that was handed over in one exchange, and then message after message without a lock.
///
/// Unchecked: what isn't behind the lock belongs either to the loop or to the reader, of which there is one at a time.
package final class MessageQueue: @unchecked Sendable {
    private enum End {
        case well
        case failed(RPCError)
    }

    private struct Shared {
        var waiting: [MessageRun] = []
        var waitingCount = Amount()
        var end: End?
        var reader: UnsafeContinuation<Void, Never>?
        /// Somebody wants to know when the reader has taken what waits.
        var isWatched = false
        /// Nobody reads on.
        var isStopped = false
    }

    private let shared = Mutex(Shared())
    private let isClaimed = Atomic(false)
    private let isDropped = Atomic(false)

    // The loop's.
    private var gathered: [MessageRun] = []
    private var gatheredCount = Amount()
    private var gatheredEnd: End?

    // The reader's.
    private var run = MessageRun()
    /// Taken, and the wire hasn't been told of it.
    private var untold = Amount()
    private var wasWatched = false
    private var batch: [MessageRun] = []
    private var position = 0
    private var end: End?
    private var isStopped = false

    /// Runs of messages for which a batch keeps its room between uses.
    private static let keptCapacity = 1024

    package init() {}

    // MARK: - The loop

    /// Adds messages, to be handed over by ``publish()``. True: they are the first since.
    package func append(_ messages: MessageRun) -> Bool {
        gathered.append(messages)
        gatheredCount.add(messages)
        return gathered.count == 1 && gatheredEnd == nil
    }

    /// Ends the stream behind the messages that were added, to be handed over by ``publish()``. The first end counts.
    /// True: nothing else was added since.
    package func end(_ error: RPCError?) -> Bool {
        guard gatheredEnd == nil else { return false }
        gatheredEnd = error.map { .failed($0) } ?? .well
        return gathered.isEmpty
    }

    /// Hands over what was added, and wakes the reader if it waits. The result: what is dropped since nobody reads on.
    @discardableResult
    package func publish() -> Amount? {
        var dropped: Amount?
        let reader: UnsafeContinuation<Void, Never>? = shared.withLock { shared in
            guard shared.end == nil else { return nil }
            shared.end = gatheredEnd
            if shared.isStopped {
                dropped = gatheredCount
                return nil
            }
            if shared.reader == nil { copyStragglers() }
            shared.waitingCount.add(gatheredCount)
            if shared.waiting.isEmpty {
                swap(&shared.waiting, &gathered)
            } else {
                shared.waiting.append(contentsOf: gathered)
            }
            return shared.reader.take()
        }
        gathered.removeAll(keepingCapacity: gathered.capacity <= Self.keptCapacity)
        gatheredCount = Amount()
        reader?.resume()
        return dropped
    }

    /// A message that waits must not hold on to a read buffer that is many times its size.
    private func copyStragglers() {
        let most = 4 * gatheredCount.bytes + 1024
        for index in gathered.indices { gathered[index].copy(ifOver: most) }
    }

    /// Whether more waits for the reader than that. Then the reader's next exchange tells ``takeWatch()``.
    package func isOver(bytes: Int, messages: Int) -> Bool {
        shared.withLock { shared in
            guard shared.waitingCount.bytes > bytes || shared.waitingCount.messages > messages, shared.end == nil
            else { return false }
            shared.isWatched = true
            return true
        }
    }

    // MARK: - Any thread

    /// Ends the stream with an error, unless it has failed before.
    ///
    /// - Parameter keepsWaiting: Whether the reader gets what waits, a good end too, before the error; otherwise that is
    ///   dropped.
    package func fail(_ error: RPCError, keepsWaiting: Bool) {
        let reader: UnsafeContinuation<Void, Never>? = shared.withLock { shared in
            switch shared.end {
            case nil: break
            case .well: if keepsWaiting { return nil }
            case .failed: return nil
            }
            shared.end = .failed(error)
            if !keepsWaiting {
                shared.waiting = []
                shared.waitingCount = Amount()
                isDropped.store(true, ordering: .relaxed)
            }
            return shared.reader.take()
        }
        reader?.resume()
    }

    /// Lets a reader go on that waits.
    package func wake() { shared.withLock { $0.reader.take() }?.resume() }

    /// True once: a stream is read by one loop.
    package func claim() -> Bool { !isClaimed.exchange(true, ordering: .relaxed) }

    // MARK: - The reader

    package func take() -> Taken {
        if hasMessage(), let message = run.popFirst() {
            noteTaken(message.bytes.readableBytes)
            return .message(message)
        }
        switch end {
        case nil: return .nothing
        case .well: return .end(nil)
        case .failed(let error): return .end(error)
        }
    }

    /// Takes a message and returns its bytes, which stay valid until the reader's next call. Nil: ``take()`` has something
    /// else to tell, or a message that is compressed.
    package func lend() -> UnsafeRawBufferPointer? {
        guard hasMessage(), let bytes = run.lendFirst() else { return nil }
        noteTaken(bytes.count)
        return bytes
    }

    private func noteTaken(_ bytes: Int) {
        untold.bytes += bytes
        untold.messages += 1
    }

    /// Whether `run` has a message, be it after an exchange with the loop.
    private func hasMessage() -> Bool { run.count > 0 && !isDropped.load(ordering: .relaxed) || goOn() }

    private func goOn() -> Bool {
        run = MessageRun()
        if isDropped.load(ordering: .relaxed) { position = batch.count }
        if position == batch.count { refill() }
        guard position < batch.count else { return false }
        run = batch[position]
        position += 1
        return true
    }

    private func refill() {
        if batch.capacity > Self.keptCapacity { batch = [] } else { batch.removeAll(keepingCapacity: true) }
        position = 0
        if isStopped { return }
        shared.withLock { shared in
            swap(&batch, &shared.waiting)
            shared.waitingCount = Amount()
            end = shared.end
            if shared.isWatched { wasWatched = true }
            shared.isWatched = false
        }
    }

    /// Gives up what wasn't taken: from here on ``take()`` tells the error. The result: what is given up, and what the wire
    /// hasn't been told of.
    @discardableResult
    package func stop(_ error: RPCError) -> Amount {
        var dropped = untold
        dropped.add(run)
        for run in batch[position...] { dropped.add(run) }
        shared.withLock { shared in
            for run in shared.waiting { dropped.add(run) }
            shared.waiting = []
            shared.waitingCount = Amount()
            shared.isStopped = true
        }
        untold = Amount()
        run = MessageRun()
        batch = []
        position = 0
        end = .failed(error)
        isStopped = true
        return dropped
    }

    /// Waits until ``take()`` has something else to say than `nothing`.
    ///
    /// - Parameter unlessCancelled: Whether a task that is cancelled doesn't wait. One that is cancelled while it waits goes
    ///   on after ``wake()``.
    package nonisolated(nonsending) func waitForMore(unlessCancelled: Bool = false) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isThere = shared.withLock { shared in
                if !shared.waiting.isEmpty || shared.end != nil || unlessCancelled && Task.isCancelled { return true }
                precondition(shared.reader == nil, "two tasks read one stream at the same time")
                shared.reader = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Whether ``takeUntold(atLeast:)`` or ``takeWatch()`` has something to tell.
    package func hasNews(atLeast least: Int) -> Bool { untold.cost >= least || wasWatched }

    /// What was taken and the wire hasn't been told of, if it is worth so much credit.
    package func takeUntold(atLeast least: Int) -> Amount? {
        guard untold.cost >= least else { return nil }
        defer { untold = Amount() }
        return untold
    }

    /// Whether the reader has taken what was too much for ``isOver(bytes:messages:)``. True once.
    package func takeWatch() -> Bool {
        guard wasWatched else { return false }
        wasWatched = false
        return true
    }
}
