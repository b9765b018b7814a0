package import MartletCore
package import MartletWire

/// What a client allows one connection.
package struct ClientConnectionConfiguration: Sendable {
    package var wire = WireKind.native
    package var limits = WireLimits()
    package var clock = ConnectionClock.Settings()

    /// Output, in bytes, that may wait for the socket before further calls wait unencoded, and writers with their
    /// messages. Default 1 MiB.
    package var maxQueuedBytes = 1 << 20

    /// Whether a TLS handshake comes ahead of all else.
    package var isSecured = false

    /// The server, as gRPC's requests name it.
    package var authority = "localhost"

    package init() {}
}

extension ClientConnectionConfiguration {
    /// What the server says first, for errors.
    package var greeting: String { wire == .grpc ? "SETTINGS" : "Hello" }

    /// Who would have said that, for errors.
    package var doubt: String { wire == .grpc ? "does it speak gRPC?" : "is it a Martlet server?" }
}

/// Told what becomes of a connection, on its loop.
package protocol ClientConnectionObserver: AnyObject, Sendable {
    /// The server has said Hello.
    func connectionEstablished(_ connection: ClientConnection)
    /// It takes no more calls.
    func connectionDraining(_ connection: ClientConnection)
    /// It is gone.
    ///
    /// - Parameters:
    ///   - failure: At what stage and why; the text goes with it.
    ///   - wasEstablished: Whether the server had said Hello.
    func connectionClosed(
        _ connection: ClientConnection, failure: ConnectionFailure, text: String, wasEstablished: Bool)
}
