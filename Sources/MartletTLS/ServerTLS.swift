public import MartletCore
public import MartletTransport
private import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOSSL

extension ServerSecurity {
    /// TLS.
    ///
    /// - Throws: FAILED_PRECONDITION that says which certificate or file can't be used, and why.
    public static func tls(_ configuration: ServerTLSConfiguration) throws(RPCError) -> ServerSecurity {
        ServerSecurity(try ServerTLS(configuration))
    }

    /// TLS with a certificate from PEM files, which are read again when they have changed.
    ///
    /// - Throws: FAILED_PRECONDITION that names the file and what is wrong with it.
    public static func tls(certificateChainFile: String, privateKeyFile: String) throws(RPCError) -> ServerSecurity {
        try .tls(
            ServerTLSConfiguration(
                identity: TLSIdentity(certificateChainFile: certificateChainFile, privateKeyFile: privateKeyFile)))
    }
}

private final class ServerTLS: ServerHandshake {
    private let identity: TLSIdentity
    private let applicationProtocols: [String]
    private let contexts: TLSContexts

    init(_ configuration: ServerTLSConfiguration) throws(RPCError) {
        identity = configuration.identity
        applicationProtocols = configuration.applicationProtocols
        var base = TLSConfiguration.makeServerConfiguration(
            certificateChain: [], privateKey: .privateKey(identity.current.key))
        base.minimumTLSVersion = configuration.minimumVersion.version
        switch configuration.clientCertificates {
        case .none:
            base.certificateVerification = .none
            base.trustRoots = .certificates([])
        case .optional:
            base.certificateVerification = .optionalVerification
            base.trustRoots = try configuration.trustRoots.resolved()
        case .required:
            base.certificateVerification = .noHostnameVerification
            base.trustRoots = try configuration.trustRoots.resolved()
        }
        contexts = try TLSContexts(base, identity: identity)
    }

    func begin(on channel: any Channel) throws -> EventLoopFuture<PeerCertificate?> {
        let rejected = RejectedCertificate()
        let handler = try rejected.serverHandler(contexts.current(applicationProtocols))
        return try HandshakeWatcher(side: .server, loop: channel.eventLoop, rejected: rejected)
            .watch(handler, on: channel)
    }
}
