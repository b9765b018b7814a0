public import MartletCore
public import MartletTransport
internal import NIOCore
internal import NIOSSL

extension ClientSecurity {
    /// TLS, by default with servers whose certificate is for the target's host and signed by an authority of the machine.
    ///
    /// - Throws: FAILED_PRECONDITION that says which certificate or file can't be used, and why.
    public static func tls(_ configuration: ClientTLSConfiguration = .init()) throws(RPCError) -> ClientSecurity {
        ClientSecurity(try ClientTLS(configuration))
    }
}

private final class ClientTLS: ClientHandshake {
    private let serverName: String?
    private let applicationProtocols: [String]
    private let contexts: TLSContexts

    init(_ configuration: ClientTLSConfiguration) throws(RPCError) {
        serverName = configuration.serverName
        applicationProtocols = configuration.applicationProtocols
        var base = TLSConfiguration.makeClientConfiguration()
        base.minimumTLSVersion = configuration.minimumVersion.version
        base.applicationProtocols = configuration.applicationProtocols
        base.trustRoots = try configuration.trustRoots.resolved()
        contexts = try TLSContexts(base, identity: configuration.identity)
    }

    func begin(on channel: any Channel, serverName host: String) throws -> EventLoopFuture<PeerCertificate?> {
        let name = serverName ?? host
        let rejected = RejectedCertificate()
        let watcher = HandshakeWatcher(
            side: .client(serverName: name, applicationProtocols: applicationProtocols), loop: channel.eventLoop,
            rejected: rejected)
        // An address isn't sent as a name (RFC 6066, section 3); without a name the connection's address is looked for.
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        let handler: NIOSSLClientHandler
        do { handler = try rejected.clientHandler(contexts.current, serverName: isAddress ? nil : name) } catch {
            watcher.giveUp()
            throw HandshakeFailure("TLS handshake: \"\(name)\" can't be the name of a server: \(error)")
        }
        try channel.pipeline.syncOperations.addHandlers(handler, watcher)
        return watcher.done
    }
}
