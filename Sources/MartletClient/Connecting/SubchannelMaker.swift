package import MartletCore
package import MartletTransport
internal import NIOCore
internal import NIOPosix

/// Makes the subchannels of a channel, all on one event loop.
package struct SubchannelMaker: Sendable {
    package typealias Connect =
        @Sendable (_ address: EndpointAddress, _ serverName: String?, _ protocols: [String]) throws(RPCError) ->
        any Connector

    package let executor: LoopExecutor
    private let configuration: ChannelConfiguration
    private let wire: ChannelConfiguration.Wire
    private let connect: Connect

    /// - Parameters:
    ///   - wire: Of the target, if that says so.
    ///   - connect: Default (nil): over sockets.
    package init(
        configuration: ChannelConfiguration, wire: ChannelConfiguration.Wire? = nil, connect: Connect? = nil
    ) {
        let group = configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        executor = LoopExecutor.of(group.next())
        self.configuration = configuration
        self.wire = wire ?? configuration.wire
        let security = configuration.security
        if let connect {
            self.connect = connect
        } else {
            self.connect = { (address, serverName, protocols) throws(RPCError) in
                try address.connector(serverName: serverName, security: security, applicationProtocols: protocols)
            }
        }
    }

    /// - Parameter whenChanged: Runs on the loop, some time after the subchannel's condition has changed.
    /// - Throws: INVALID_ARGUMENT for an endpoint without address, or with one that can't be secured.
    package func subchannel(
        _ endpoint: Endpoint, whenChanged: (@Sendable () -> Void)?
    ) throws(RPCError) -> Subchannel {
        guard let first = endpoint.addresses.first else {
            throw RPCError(.invalidArgument, "the endpoint \"\(endpoint.id)\" has no address")
        }
        let wire = endpoint.wire ?? wire
        let serverName = endpoint.authority.map { EndpointAddress.host(of: $0) }
        var connectors: [any Connector] = []
        for address in endpoint.addresses {
            connectors.append(try connect(address, serverName, wire.applicationProtocols))
        }
        return subchannel(
            peer: first.description, connector: FailoverConnector(connectors), wire: wire,
            authority: endpoint.authority ?? first.authority, whenChanged: whenChanged)
    }

    /// - Parameter peer: The server, as errors name it.
    package func subchannel(
        peer: String, connector: any Connector, wire: ChannelConfiguration.Wire? = nil, authority: String? = nil,
        whenChanged: (@Sendable () -> Void)? = nil
    ) -> Subchannel {
        Subchannel(
            peer: peer, connector: connector, executor: executor,
            configuration: Subchannel.Configuration(
                connectTimeout: configuration.connectTimeout,
                connection: configuration.connectionConfiguration(wire: wire ?? self.wire, authority: authority),
                backoff: configuration.backoff, maxConnections: configuration.maxConnectionsPerEndpoint,
                logLevel: configuration.connectionLogLevel),
            logger: configuration.logger, whenChanged: whenChanged)
    }
}
