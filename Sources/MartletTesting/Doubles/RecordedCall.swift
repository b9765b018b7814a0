public import Martlet
private import Synchronization

/// One call that a test double got.
public nonisolated struct RecordedCall<Request: Message>: Sendable {
    /// As many as the answer has read so far.
    public fileprivate(set) var requests: [Request] = []
    /// What the caller sent with its request.
    public let metadata: Metadata
    /// How long the caller was to wait when the call came; nil: without end.
    public let timeout: Duration?

    /// The request, of a method that takes one.
    public var request: Request {
        guard let request = requests.first else { preconditionFailure("no request of this call was read") }
        return request
    }
}

/// What the doubles of all shapes share: an answer, and a record of the calls.
nonisolated final class DoubleCore<Request: Message, Answer: Sendable>: Sendable {
    private struct State {
        var answer: Answer?
        var calls: [RecordedCall<Request>] = []
    }

    private let method: MethodDescriptor
    private let property: String
    private let state = Mutex(State())

    init(_ method: MethodDescriptor, property: String?) {
        self.method = method
        self.property = property ?? method.name.prefix(1).lowercased() + method.name.dropFirst()
    }

    func setAnswer(_ answer: Answer) { state.withLock { $0.answer = answer } }

    /// Throws UNIMPLEMENTED while there is none.
    func answer() throws(RPCError) -> Answer {
        if let answer = state.withLock({ $0.answer }) { return answer }
        throw RPCError(
            .unimplemented, "\(method) has no answer in this test: give it one with `\(property).answer { … }`")
    }

    var calls: [RecordedCall<Request>] { state.withLock { $0.calls } }

    func recorded(_ handler: MethodHandler) -> MethodHandler {
        var handler = handler
        handler.interceptors = [Recorder(core: self)]
        return handler
    }

    private func record(_ context: ServerContext) -> Int {
        let call = RecordedCall<Request>(metadata: context.metadata, timeout: context.timeRemaining)
        return state.withLock { state in
            state.calls.append(call)
            return state.calls.count - 1
        }
    }

    private func record(_ request: Request, call: Int) { state.withLock { $0.calls[call].requests.append(request) } }

    private struct Recorder: ServerInterceptor {
        let core: DoubleCore

        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            let call = core.record(context)
            context.mapRequests { [core] request in
                if let request = request as? Request { core.record(request, call: call) }
                return request
            }
            try await next()
        }
    }
}
