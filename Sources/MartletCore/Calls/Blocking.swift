private import Synchronization

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// Calls for scripts and code that isn't async, each of which holds up its thread until the outcome is there.
///
/// They throw FAILED_PRECONDITION inside of a task and on an event loop, where waiting could wait for itself.
public struct BlockingCalls: Sendable {
    private let invoker: any CallInvoker

    /// Calls over `invoker`, usually a channel.
    public init(_ invoker: any CallInvoker) { self.invoker = invoker }

    /// Calls a method that takes one message and returns one, and waits for the response.
    @available(*, noasync, message: "await the client's own method instead")
    public func unary<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) throws(RPCError) -> Response {
        try wait(for: method.descriptor) { [invoker] () async throws(RPCError) in
            try await invoker.unary(method, request, options)
        }
    }

    /// Calls a method that returns a stream of messages, and hands each to `body`. Leaving by an error cancels the
    /// call.
    ///
    /// Throws `RPCError`, and what `body` throws.
    @available(*, noasync, message: "await the client's own method instead")
    public func serverStreaming<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions,
        _ body: (Response) throws -> Void
    ) throws {
        let responses = ResponseReader(invoker.serverStreaming(method, request, options))
        while let response = try wait(
            for: method.descriptor, { () async throws(RPCError) in try await responses.next() })
        {
            try body(response)
        }
    }

    private func wait<Result: Sendable>(
        for method: MethodDescriptor, _ call: @escaping @Sendable () async throws(RPCError) -> Result
    ) throws(RPCError) -> Result {
        guard withUnsafeCurrentTask(body: { $0 == nil }), (invoker as? any EventLoopAware)?.isOnEventLoop != true else {
            throw RPCError(
                .failedPrecondition,
                "a blocking call of \(method) inside of a task or on an event loop: await the client's own method instead"
            )
        }
        let outcome = BlockingOutcome<Result>()
        Task.detached {
            do throws(RPCError) { outcome.set(.success(try await call())) } catch { outcome.set(.failure(error)) }
        }
        return try outcome.wait().get()
    }
}

/// An invoker that can tell whether the calling thread is an event loop's.
package protocol EventLoopAware {
    var isOnEventLoop: Bool { get }
}

/// Reads a stream for a thread, one message per task.
///
/// Unchecked: the thread waits for each task before it starts the next.
private final class ResponseReader<Response: Message>: @unchecked Sendable {
    private var iterator: MessageStream<Response>.Iterator

    init(_ stream: MessageStream<Response>) { iterator = stream.makeAsyncIterator() }

    nonisolated(nonsending) func next() async throws(RPCError) -> Response? { try await iterator.next() }
}

/// Hands one outcome to a thread that waits for it.
private final class BlockingOutcome<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, RPCError>?>(nil)
    private let isSet = Semaphore()

    func set(_ outcome: Result<Value, RPCError>) {
        self.outcome.withLock { $0 = outcome }
        isSet.signal()
    }

    func wait() -> Result<Value, RPCError> {
        isSet.wait()
        return outcome.withLock { $0! }
    }
}

/// A POSIX semaphore, since Dispatch isn't linked.
///
/// Unchecked: the pointer never changes, and semaphores are made for several threads.
private final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    /// A signal handler may interrupt the wait.
    func wait() { while sem_wait(semaphore) != 0 {} }
}
