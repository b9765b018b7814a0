public import MartletTransport
internal import NIOCore
internal import NIOPosix

extension ClientChannel {
    /// A channel to the server that listens on an in-process transport. It need not listen yet.
    public convenience init(inProcess transport: InProcessTransport, configuration: ChannelConfiguration = .init()) {
        let group = configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        self.init(
            peer: transport.description, connector: InProcessConnector(transport), loop: group.next(),
            configuration: configuration)
    }
}
