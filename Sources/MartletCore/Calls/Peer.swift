/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
    /// Such as `127.0.0.1:51234`, `unix:/run/users.sock` or `in-process`.
    public var address: String

    /// The process at the other end of a Unix-domain socket, as the kernel knows it.
    public var unixCredentials: UnixCredentials?

    /// The certificate with which the other end of a TLS connection proved who it is; nil if it showed none.
    public var certificate: PeerCertificate?

    package init(address: String, unixCredentials: UnixCredentials? = nil, certificate: PeerCertificate? = nil) {
        self.address = address
        self.unixCredentials = unixCredentials
        self.certificate = certificate
    }

    public var description: String { address }
}

/// A process as the kernel knew it when it connected.
public struct UnixCredentials: Sendable, Hashable {
    /// As this process sees its number; it may have ended since, and the number be another's.
    public let processID: Int32
    /// The effective user.
    public let userID: UInt32
    /// The effective group.
    public let groupID: UInt32

    package init(processID: Int32, userID: UInt32, groupID: UInt32) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
    }
}

/// A verified X.509 certificate.
public struct PeerCertificate: Sendable, Hashable {
    /// The whole certificate, in DER.
    public let derBytes: [UInt8]
    /// The subject's common name, if it has one.
    public let commonName: String?
    /// The subject's alternative names that are DNS names.
    public let dnsNames: [String]

    package init(derBytes: [UInt8], commonName: String?, dnsNames: [String]) {
        self.derBytes = derBytes
        self.commonName = commonName
        self.dnsNames = dnsNames
    }
}
