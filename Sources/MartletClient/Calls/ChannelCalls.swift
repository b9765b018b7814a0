package import MartletCore
package import MartletTransport
internal import MartletWire
internal import NIOCore

/// Makes a channel's calls, inside of its interceptors.
final class ChannelCalls: CallInvoker, UnaryCarrier {
    let subchannel: Subchannel
    let configuration: ChannelConfiguration

    init(_ subchannel: Subchannel, _ configuration: ChannelConfiguration) {
        self.subchannel = subchannel
        self.configuration = configuration
    }

    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await DirectCalls(self, []).unaryReply(method, request, options)
    }

    func unaryExchange(_ method: MethodDescriptor, _ options: CallOptions) throws(RPCError) -> any UnaryExchange {
        try options.metadata.validate()
        let handler = ServerContext.current
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        return UnaryCall(
            method: method, options: complete(options), deadline: deadline(after: timeout), timeout: timeout,
            handler: handler, placer: subchannel, maxMessageBytes: configuration.maxMessageBytes)
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

extension Subchannel: CallPlacer {
    package func tryPlace(_ call: OutgoingCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
        readyConnection?.tryStart(call, size: size, write) ?? false
    }

    package func place<Request: Message>(_ call: OutgoingCall, _ request: Request?) {
        place(call, request, on: nil)
    }

    /// Finds a connection with room and makes the call on it, now or as soon as there is one. As long as nothing was
    /// sent, it tries the next.
    ///
    /// - Parameter reserved: Where the call has waited for room.
    private func place<Request: Message>(
        _ call: OutgoingCall, _ request: Request?, on reserved: ClientConnection?
    ) {
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
