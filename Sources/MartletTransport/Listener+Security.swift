internal import Logging
internal import MartletCore
internal import NIOCore

extension Listener.Setup {
    /// Makes the handler of an accepted channel once its handshake is done. On the channel's loop.
    ///
    /// Handshake and HELLO together may take as long as a HELLO alone.
    func secure(_ channel: any Channel, with security: ServerSecurity) throws {
        let loop = channel.eventLoop
        let peer = Peer(address: channel.peerText)
        let deadline = loop.now + .nanoseconds(configuration.times.handshake.nanoseconds)
        try channel.pipeline.syncOperations.addHandler(PlaintextDetector())
        let done = try security.handshake.begin(on: channel)
        let counters = counters(loop)
        counters.connections.increment()
        connections.insertUnsecured(channel)
        let timer = loop.scheduleTask(deadline: deadline) {
            logger.info("connection closed: no handshake in time", metadata: ["peer": "\(peer)"])
            channel.close(promise: nil)
        }
        done.whenComplete { result in
            timer.cancel()
            counters.connections.decrement()
            connections.removeUnsecured(channel)
            do {
                var peer = peer
                peer.certificate = try result.get()
                var rest = self
                rest.configuration.times.handshake = .nanoseconds((deadline - loop.now).nanoseconds)
                try rest.addConnection(to: channel, peer: peer)
            } catch {
                logger.log(
                    level: (error as? HandshakeFailure)?.cause == .closed ? .debug : .info, "a handshake failed",
                    metadata: ["peer": "\(peer)", "error": "\(error)"])
                channel.close(promise: nil)
            }
        }
    }
}
