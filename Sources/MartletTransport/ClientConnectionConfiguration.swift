package import MartletWire

/// What a client allows one connection.
package struct ClientConnectionConfiguration: Sendable {
    package var limits = WireLimits()

    /// Requests, in bytes, that may wait for the socket before further calls wait unencoded. Default 1 MiB.
    package var maxQueuedBytes = 1 << 20

    package init() {}
}

/// Told what becomes of a connection, on its loop.
package protocol ClientConnectionObserver: AnyObject, Sendable {
    /// The server has said Hello.
    func connectionEstablished(_ connection: ClientConnection)
    /// The server takes no more calls on it.
    func connectionDraining(_ connection: ClientConnection)
    /// It is gone. `wasEstablished`: the server had said Hello.
    func connectionClosed(_ connection: ClientConnection, reason: String, wasEstablished: Bool)
}
