internal import MartletCore
internal import MartletTransport
internal import MartletWire
internal import NIOCore

/// Makes a channel's calls, inside of its interceptors.
final class ChannelCalls: CallInvoker, UnaryCarrier {
    let source: any ConnectionSource
    let configuration: ChannelConfiguration

    init(_ source: any ConnectionSource, _ configuration: ChannelConfiguration) {
        self.source = source
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
            handler: handler, placer: source, maxMessageBytes: configuration.maxMessageBytes)
    }

    func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        let handler = ServerContext.current
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        let call = StreamCall(
            method: method.descriptor, options: complete(options), deadline: deadline(after: timeout),
            timeout: timeout, handler: handler, hasOnlyRequest: request != nil,
            streamWindow: source.streamWindow, maxMessageBytes: configuration.maxMessageBytes)
        do throws(RPCError) {
            try options.metadata.validate()
            call.restarting { [source] in source.place($0, request) }
            source.place(call, request)
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
        timeout.map { source.executor.uptimeNanoseconds &+ UInt64(max(0, $0.nanoseconds)) }
    }
}
