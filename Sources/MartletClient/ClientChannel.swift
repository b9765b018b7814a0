public import MartletCore
package import MartletTransport
internal import MartletWire
package import NIOCore
internal import NIOPosix

/// Carries calls to a service.
///
/// It connects when it is first used, connects again by itself after a loss, and multiplexes the calls of any number
/// of tasks over one connection. Losing the last reference closes it when its calls have ended.
public final class ClientChannel: CallInvoker {
    private let configuration: ChannelConfiguration
    private let subchannel: Subchannel

    /// - Parameter target: Such as `tcp://127.0.0.1:7000`, `unix:/run/users.sock`, `unix-abstract:users`.
    /// - Throws: INVALID_ARGUMENT for a target that can't be read. Nothing is connected yet.
    public convenience init(_ target: String, configuration: ChannelConfiguration = .init()) throws(RPCError) {
        let target = try Target(target)
        let group = configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        self.init(
            peer: target.description, connector: target.connector, loop: group.next(),
            configuration: configuration)
    }

    package init(peer: String, connector: any Connector, loop: any EventLoop, configuration: ChannelConfiguration) {
        self.configuration = configuration
        var connection = ClientConnectionConfiguration()
        connection.limits.maxFrameBytes = configuration.maxMessageBytes
        connection.maxQueuedBytes = configuration.maxQueuedBytes
        subchannel = Subchannel(
            peer: peer, connector: connector, executor: LoopExecutor.of(loop),
            configuration: Subchannel.Configuration(
                connectTimeout: configuration.connectTimeout, connection: connection, backoff: configuration.backoff),
            logger: configuration.logger)
    }

    deinit { subchannel.shutDown(grace: nil) {} }

    /// The event loop that the channel's connection lives on, as an executor. Tasks that prefer it
    /// (`Task(executorPreference:)`) make their calls without changing threads, about twice as cheaply; what they run
    /// besides must be short, since it holds up the connection.
    public var executor: any TaskExecutor { subchannel.executor }

    public nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try options.metadata.validate()
        let handler = ServerContext.current
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        let deadline = timeout.map { subchannel.executor.uptimeNanoseconds &+ UInt64(max(0, $0.nanoseconds)) }
        let call = OutgoingCall(
            method: method.descriptor, metadata: options.metadata, deadline: deadline, timeout: timeout,
            handler: handler)
        let bytes = try await send(request, for: call, waitsForReady: options.waitsForReady).get()
        do throws(DecodingError) {
            return UnaryReply(
                try bytes.withUnsafeReadableBytes { (bytes) throws(DecodingError) in
                    try Response(serialized: bytes, limits: .default)
                })
        } catch {
            throw RPCError(.internalError, "the response to \(method.descriptor): \(error)")
        }
    }

    public func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        preconditionFailure("streams come with the next step")
    }

    /// Takes no more calls, lets those under way finish, and closes.
    ///
    /// - Parameter grace: How long calls may take to finish; then they fail with UNAVAILABLE. Default 30 s.
    public nonisolated(nonsending) func shutdown(grace: Duration = .seconds(30)) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            subchannel.shutDown(grace: grace) { continuation.resume() }
        }
    }

    /// Finds a connection with room and makes the call on it. As long as nothing was sent, it tries the next. A call
    /// that the server refused without running it is sent once more: the server may be draining, or its Hello, which
    /// says how many calls it allows, had not come yet.
    private nonisolated(nonsending) func send<Request: Message>(
        _ request: Request, for call: OutgoingCall, waitsForReady: Bool
    ) async -> Result<ByteBuffer, RPCError> {
        var reserved: ClientConnection?
        var wasRefused = false
        while true {
            guard let connection = reserved ?? subchannel.readyConnection else {
                let outcome = await wait(for: call) { waiter in
                    subchannel.waitForConnection(waiter, waitsForReady: waitsForReady)
                }
                if case .failed(let error) = outcome { return .failure(error) }
                continue
            }
            switch await connection.send(request, for: call, hasReservation: reserved != nil) {
            case .ended(.failure(let error)) where error.isSafeToRetry && error.code == .unavailable && !wasRefused:
                wasRefused = true
                reserved = nil
            case .ended(let result):
                return result
            case .refused:
                subchannel.connectionDraining(connection)
                reserved = nil
            case .full:
                let outcome = await wait(for: call) { waiter in connection.waitForRoom(waiter) }
                if case .failed(let error) = outcome { return .failure(error) }
                reserved = connection
            }
        }
    }

    /// Waits for something until the call's deadline or its cancellation.
    private nonisolated(nonsending) func wait(
        for call: OutgoingCall, _ register: (Waiter) -> Void
    ) async -> Waiter.Outcome {
        let waiter = Waiter()
        let timer = call.deadline.map { deadline in
            subchannel.executor.loop.scheduleTask(deadline: .uptimeNanoseconds(min(deadline, UInt64(Int64.max)))) {
                _ = waiter.resolve(.failed(call.expiredError(stage: "before there was a connection for it")))
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            register(waiter)
            return await waiter.outcome()
        } onCancel: {
            waiter.resolve(.failed(call.cancelledError))
        }
    }
}
