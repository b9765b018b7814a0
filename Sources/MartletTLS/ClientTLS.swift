public import MartletCore
public import MartletTransport
internal import NIOCore
internal import NIOSSL

extension ClientSecurity {
    /// TLS, by default with servers whose certificate is for the target's host and signed by an authority of the machine.
    ///
    /// - Throws: FAILED_PRECONDITION that says which certificate or file can't be used, and why; INVALID_ARGUMENT for a
    ///   server's name that is none.
    public static func tls(_ configuration: ClientTLSConfiguration = .init()) throws(RPCError) -> ClientSecurity {
        ClientSecurity(try ClientTLS(configuration))
    }
}

private final class ClientTLS: ClientHandshake {
    private let serverName: String?
    private let contexts: TLSContexts

    init(_ configuration: ClientTLSConfiguration) throws(RPCError) {
        serverName = configuration.serverName
        var base = TLSConfiguration.makeClientConfiguration()
        // Some servers, those of gRPC's C core among them, don't answer the end of a connection (close_notify), and a
        // client has nothing left to lose then: 5 s, which is usual, would hold up its shutdown.
        base.shutdownTimeout = .milliseconds(200)
        base.minimumTLSVersion = configuration.minimumVersion.version
        base.trustRoots = try configuration.trustRoots.resolved()
        contexts = try TLSContexts(base, identity: configuration.identity)
        if let serverName { try checkName(serverName) }
    }

    private func checkName(_ name: String) throws(RPCError) {
        if isAddress(name) {
            throw RPCError(.invalidArgument, "the server's name \"\(name)\" is an address; put it into the target")
        }
        do { _ = try RejectedCertificate().clientHandler(contexts.current([]), serverName: name) } catch {
            throw RPCError(.invalidArgument, "\"\(name)\" can't be the name of a server: \(error)")
        }
    }

    private func isAddress(_ name: String) -> Bool { (try? SocketAddress(ipAddress: name, port: 0)) != nil }

    func begin(
        on channel: any Channel, serverName host: String, applicationProtocols: [String]
    ) throws -> EventLoopFuture<PeerCertificate?> {
        let name = serverName ?? host
        let rejected = RejectedCertificate()
        // An address isn't sent as a name (RFC 6066, section 3); without a name the connection's address is looked for.
        let handler: NIOSSLClientHandler
        do {
            handler = try rejected.clientHandler(
                contexts.current(applicationProtocols), serverName: isAddress(name) ? nil : name)
        } catch {
            throw HandshakeFailure("TLS handshake: \"\(name)\" can't be the name of a server: \(error)")
        }
        let side = HandshakeWatcher.Side.client(serverName: name, applicationProtocols: applicationProtocols)
        return try HandshakeWatcher(side: side, loop: channel.eventLoop, rejected: rejected)
            .watch(handler, on: channel)
    }
}
