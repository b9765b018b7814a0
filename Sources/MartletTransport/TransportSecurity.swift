package import MartletCore
package import NIOCore

/// How a server protects its connections and learns who its clients are. MartletTLS makes it.
public struct ServerSecurity: Sendable {
    package let handshake: any ServerHandshake

    package init(_ handshake: any ServerHandshake) { self.handshake = handshake }
}

/// How a channel protects its connections and makes sure of the server. MartletTLS makes it.
public struct ClientSecurity: Sendable {
    package let handshake: any ClientHandshake

    package init(_ handshake: any ClientHandshake) { self.handshake = handshake }
}

extension ServerSecurity: Hashable {
    public static func == (a: ServerSecurity, b: ServerSecurity) -> Bool { a.handshake === b.handshake }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(handshake)) }
}

package protocol ServerHandshake: AnyObject, Sendable {
    /// Adds to the pipeline's end what protects the channel. On the channel's loop.
    ///
    /// - Returns: Who the client is, nil if it didn't say, as soon as the handshake is done and before anything else is
    ///   read; or a `HandshakeFailure`. On the channel's loop, at the latest when the channel closes.
    func begin(on channel: any Channel) throws -> EventLoopFuture<PeerCertificate?>
}

package protocol ClientHandshake: AnyObject, Sendable {
    /// As ``ServerHandshake/begin(on:)``.
    ///
    /// - Parameters:
    ///   - serverName: The name or address that the client connects to.
    ///   - applicationProtocols: What the client wants to speak (ALPN, RFC 7301). If it says, the handshake fails with a
    ///     server that doesn't choose one of them.
    func begin(
        on channel: any Channel, serverName: String, applicationProtocols: [String]
    ) throws -> EventLoopFuture<PeerCertificate?>
}

/// Why there is no protected connection, in words that name the other side.
package struct HandshakeFailure: Error, CustomStringConvertible {
    package let description: String
    /// `closed` also for those that connect only to see whether somebody listens.
    package let cause: ConnectionFailure.Cause

    package init(_ description: String, cause: ConnectionFailure.Cause = .untrusted) {
        self.description = description
        self.cause = cause
    }
}
