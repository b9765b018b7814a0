internal import NIOSSL

/// Notes which of the other side's certificates isn't believed, for the error to name. On the channel's loop.
final class RejectedCertificate {
    private(set) var certificate: NIOSSLCertificate?

    func serverHandler(_ context: NIOSSLContext) throws -> NIOSSLServerHandler {
        let handlers: any WatchingHandlers.Type = WatchedHandlers.self
        return try handlers.server(context, watch)
    }

    func clientHandler(_ context: NIOSSLContext, serverName: String?) throws -> NIOSSLClientHandler {
        let handlers: any WatchingHandlers.Type = WatchedHandlers.self
        return try handlers.client(context, serverName, watch)
    }

    private func watch(
        _ result: NIOSSLVerificationResult, _ certificate: NIOSSLCertificate
    ) -> NIOSSLVerificationResult {
        if case .failed = result { self.certificate = certificate }
        return result
    }
}

/// NIOSSL deprecates the callback that sees each certificate with the verdict on it, since another is better for
/// deciding. For looking on there is no other; the protocol keeps the compiler from warning.
private protocol WatchingHandlers {
    static func server(
        _ context: NIOSSLContext, _ watch: @escaping NIOSSLVerificationCallback
    ) throws -> NIOSSLServerHandler

    static func client(
        _ context: NIOSSLContext, _ serverName: String?, _ watch: @escaping NIOSSLVerificationCallback
    ) throws -> NIOSSLClientHandler
}

private enum WatchedHandlers: WatchingHandlers {
    @available(*, deprecated)
    static func server(
        _ context: NIOSSLContext, _ watch: @escaping NIOSSLVerificationCallback
    ) throws -> NIOSSLServerHandler {
        try NIOSSLServerHandler(context: context, verificationCallback: watch)
    }

    @available(*, deprecated)
    static func client(
        _ context: NIOSSLContext, _ serverName: String?, _ watch: @escaping NIOSSLVerificationCallback
    ) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName, verificationCallback: watch)
    }
}
