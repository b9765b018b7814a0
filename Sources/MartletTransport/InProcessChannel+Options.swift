package import NIOCore

extension InProcessChannel: NIOSynchronousChannelOptions {
    package var syncOptions: (any NIOSynchronousChannelOptions)? { self }

    package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) throws {
        switch (option, value) {
        case (is ChannelOptions.Types.AutoReadOption, let value as Bool):
            readsByItself = value
            requestRead()
        case (is ChannelOptions.Types.AllowRemoteHalfClosureOption, let value as Bool):
            allowsHalfClosure = value
        case (_, let value as ChannelOptions.Types.WriteBufferWaterMark):
            output.waterMark = value
        default:
            throw ChannelError.operationUnsupported
        }
    }

    package func getOption<Option: ChannelOption>(_ option: Option) throws -> Option.Value {
        let value: Any? =
            switch option {
            case is ChannelOptions.Types.AutoReadOption: readsByItself
            case is ChannelOptions.Types.AllowRemoteHalfClosureOption: allowsHalfClosure
            case is ChannelOptions.Types.WriteBufferWaterMarkOption: output.waterMark
            case is ChannelOptions.Types.BufferedWritableBytesOption: output.bufferedBytes
            default: nil
            }
        guard let value = value as? Option.Value else { throw ChannelError.operationUnsupported }
        return value
    }

    package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        onLoop { try self.setOption(option, value: value) as Void }
    }

    package func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        onLoop { try self.getOption(option) as Option.Value }
    }

    private func onLoop<R: Sendable>(_ body: @escaping @Sendable () throws -> R) -> EventLoopFuture<R> {
        eventLoop.inEventLoop ? eventLoop.makeCompletedFuture(withResultOf: body) : eventLoop.submit(body)
    }
}

/// What has no meaning without an address or a socket.
extension InProcessChannel {
    package func localAddress0() throws -> SocketAddress { throw ChannelError.unknownLocalAddress }
    package func remoteAddress0() throws -> SocketAddress { throw ChannelError.operationUnsupported }
    package func register0(promise: EventLoopPromise<Void>?) { promise.fail(ChannelError.operationUnsupported) }
    package func bind0(to: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise.fail(ChannelError.operationUnsupported)
    }
    package func connect0(to: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise.fail(ChannelError.operationUnsupported)
    }
    package func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise.fail(ChannelError.operationUnsupported)
    }
    package func channelRead0(_ data: NIOAny) {}
    package func errorCaught0(error: any Error) {}
}
