internal import MartletCore
internal import MartletTransport
internal import NIOCore
internal import NIOSSL
private import NIOTLS

/// Stands behind NIOSSL's handler: tells when the handshake is done, and puts what goes wrong into words.
final class HandshakeWatcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Side {
        case server
        case client(serverName: String, applicationProtocols: [String])
    }

    private let side: Side
    private let promise: EventLoopPromise<PeerCertificate?>
    private let rejected: RejectedCertificate
    private var isDone = false

    init(side: Side, loop: any EventLoop, rejected: RejectedCertificate) {
        self.side = side
        self.rejected = rejected
        promise = loop.makePromise()
    }

    /// Puts both handlers at the pipeline's end. On the channel's loop.
    ///
    /// - Returns: Who the other side is, nil if it didn't say; or a `HandshakeFailure`.
    func watch(_ handler: NIOSSLHandler, on channel: any Channel) throws -> EventLoopFuture<PeerCertificate?> {
        do { try channel.pipeline.syncOperations.addHandlers(handler, self) } catch {
            giveUp()
            throw error
        }
        return promise.futureResult
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated) = event {
            let certificate = peerCertificate(context)
            if let mismatch = mismatch(negotiated) {
                end(.failure(HandshakeFailure("TLS handshake: \(mismatch)")))
            } else {
                end(.success(certificate.map(PeerCertificate.init)))
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The frames of a wire tell where they end, so a connection cut off can't pass for one that was closed.
        if case NIOSSLError.uncleanShutdown = error, isDone { return }
        let failure = TLSErrorText(side: side, rejected: rejected.certificate, peer: peerCertificate(context))
            .failure(for: error)
        if isDone { context.fireErrorCaught(failure) } else { end(.failure(failure)) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(HandshakeFailure("TLS handshake: the connection was closed", cause: .closed)))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { giveUp() }

    private func giveUp() { end(.failure(HandshakeFailure("there was no TLS handshake", cause: .closed))) }

    private func end(_ result: Result<PeerCertificate?, HandshakeFailure>) {
        guard !isDone else { return }
        isDone = true
        promise.completeWith(result.mapError { $0 })
    }

    private func peerCertificate(_ context: ChannelHandlerContext) -> NIOSSLCertificate? {
        try? context.pipeline.syncOperations.handler(type: NIOSSLHandler.self).peerCertificate
    }

    private func mismatch(_ negotiated: String?) -> String? {
        guard case .client(_, let offered) = side, !offered.isEmpty else { return nil }
        if let negotiated, offered.contains(negotiated) { return nil }
        let doubt = offered.contains("h2") ? "does it speak gRPC?" : "is it a Martlet server?"
        return "the server speaks \(negotiated ?? "none of the protocols") "
            + "(ALPN), and the client only \(offered.joined(separator: ", ")); \(doubt)"
    }
}

extension PeerCertificate {
    fileprivate init(_ certificate: NIOSSLCertificate) {
        self.init(
            derBytes: (try? certificate.toDERBytes()) ?? [], commonName: certificate.commonName,
            dnsNames: certificate.dnsNames)
    }
}
