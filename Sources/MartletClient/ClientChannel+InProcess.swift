public import MartletTransport

extension ClientChannel {
    /// A channel to the server that listens on an in-process transport. It need not listen yet.
    public convenience init(inProcess transport: InProcessTransport, configuration: ChannelConfiguration = .init()) {
        self.init(
            peer: transport.description, connector: InProcessConnector(transport), configuration: configuration)
    }

    /// A channel to one server that a connector of one's own reaches.
    ///
    /// - Parameter peer: The server, as errors name it.
    package convenience init(peer: String, connector: any Connector, configuration: ChannelConfiguration) {
        let maker = SubchannelMaker(configuration: configuration)
        self.init(maker.subchannel(peer: peer, connector: connector), configuration: configuration)
    }
}
