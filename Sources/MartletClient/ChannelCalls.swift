internal import MartletCore
internal import MartletTransport
internal import MartletWire
internal import NIOCore

/// Makes a channel's calls, inside of its interceptors.
struct ChannelCalls: CallInvoker {
    let subchannel: Subchannel
    let configuration: ChannelConfiguration

    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try options.metadata.validate()
        let handler = ServerContext.current
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        let call = UnaryCall(
            method: method.descriptor, options: complete(options), deadline: deadline(after: timeout),
            timeout: timeout, handler: handler)
        var outcome = await call.outcome { subchannel.place(call, request) }
        if case .failure(let error) = outcome, error.isSafeToRetry, error.code == .unavailable, call.wasSent {
            // The server may be draining, or its Hello, which says how many calls it allows, had not come yet.
            outcome = await call.outcome { subchannel.place(call, request) }
        }
        let reply = try outcome.get()
        let message = try call.inflate(reply.message, limit: configuration.maxMessageBytes)
        do throws(DecodingError) {
            return UnaryReply(
                try message.bytes.withBytes { (bytes) throws(DecodingError) in
                    try Response(serialized: bytes, limits: .default)
                },
                initialMetadata: reply.initialMetadata, trailingMetadata: reply.trailingMetadata)
        } catch {
            throw RPCError(.internalError, "the response to \(method.descriptor): \(error)")
        }
    }

    func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        let handler = ServerContext.current
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        let call = StreamCall(
            method: method.descriptor, options: complete(options), deadline: deadline(after: timeout),
            timeout: timeout, handler: handler, hasOnlyRequest: request != nil,
            streamWindow: subchannel.streamWindow, maxMessageBytes: configuration.maxMessageBytes)
        do throws(RPCError) {
            try options.metadata.validate()
            call.restarting { [subchannel] in subchannel.place($0, request) }
            subchannel.place(call, request)
        } catch {
            call.end(error, dropsMessages: true)
        }
        return Call(call)
    }

    private func complete(_ options: CallOptions) -> CallOptions {
        guard options.compression == nil, let compression = configuration.defaultCompression else { return options }
        var options = options
        options.compression = compression
        return options
    }

    private func deadline(after timeout: Duration?) -> UInt64? {
        timeout.map { subchannel.executor.uptimeNanoseconds &+ UInt64(max(0, $0.nanoseconds)) }
    }
}

extension Subchannel {
    /// Finds a connection with room and makes the call on it, now or as soon as there is one. As long as nothing was
    /// sent, it tries the next.
    ///
    /// - Parameter reserved: Where the call has waited for room.
    func place<Request: Message>(_ call: OutgoingCall, _ request: Request?, on reserved: ClientConnection? = nil) {
        var reserved = reserved
        while true {
            guard let connection = reserved ?? readyConnection else {
                let waiter = waiter(for: call, stage: "before there was a connection for it") {
                    self.place(call, request)
                }
                return waitForConnection(waiter, waitsForReady: call.options.waitsForReady)
            }
            switch connection.start(call, request, hasReservation: reserved != nil) {
            case .done:
                return
            case .refused:
                connectionDraining(connection)
                reserved = nil
            case .full:
                let waiter = waiter(for: call, stage: "while it waited for room on the connection") {
                    self.place(call, request, on: connection)
                }
                return connection.waitForRoom(waiter)
            }
        }
    }

    /// A waiter that gives up at the call's deadline and when the call is cancelled.
    private func waiter(
        for call: OutgoingCall, stage: String, _ goOn: @escaping @Sendable () -> Void
    ) -> Waiter {
        let waiter = Waiter { outcome in
            switch outcome {
            case .goOn: goOn()
            case .failed(let error): call.end(error, dropsMessages: true)
            }
        }
        if let deadline = call.deadline {
            waiter.expire(at: deadline, on: executor.loop) { call.expiredError(stage: stage) }
        }
        call.wait(with: waiter)
        return waiter
    }
}
