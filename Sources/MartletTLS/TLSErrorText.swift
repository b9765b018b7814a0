internal import MartletCore
internal import MartletTransport
internal import NIOCore
internal import NIOSSL

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// What an error of TLS means, in words for whoever has to mend it.
struct TLSErrorText {
    let side: HandshakeWatcher.Side
    /// The certificate of the other side that isn't believed.
    let rejected: NIOSSLCertificate?
    /// The certificate of the other side.
    let peer: NIOSSLCertificate?

    private var other: String {
        if case .server = side { "client" } else { "server" }
    }

    private var ours: String {
        if case .server = side { "server" } else { "client" }
    }

    func failure(for error: any Error) -> HandshakeFailure {
        switch error {
        case let failure as HandshakeFailure:
            failure
        case NIOSSLError.handshakeFailed(.sslError(let stack)) where stack.contains(.eofDuringHandshake):
            HandshakeFailure("TLS handshake: the \(other) closed the connection", cause: .closed)
        case is NIOSSLExtraError where (error as? NIOSSLExtraError) == .failedToValidateHostname:
            HandshakeFailure("TLS handshake: \(wrongName)")
        default:
            HandshakeFailure("TLS handshake: \(words(for: error))")
        }
    }

    private var wrongName: String {
        guard case .client(let serverName, _) = side else { return "the certificate is for another name" }
        let names = peer.map { $0.dnsNames.isEmpty ? [$0.commonName].compactMap { $0 } : $0.dnsNames } ?? []
        return "the server's certificate isn't for \(serverName)"
            + (names.isEmpty ? "; it has no names" : "; it is for \(names.joined(separator: ", "))")
    }

    private func words(for error: any Error) -> String {
        if error is IOError { return causeText(error) }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return mistrust }
        for (code, words) in Self.known(other: other, ours: ours) where text.contains(code) { return words }
        return text
    }

    private var mistrust: String {
        guard let rejected else { return "the \(other)'s certificate isn't valid" }
        let name = rejected.commonName ?? rejected.dnsNames.first ?? "without a name"
        let now = time(nil)
        if rejected.notValidAfter < now {
            return "the \(other)'s certificate (\(name)) expired on \(utc(rejected.notValidAfter))"
        }
        if rejected.notValidBefore > now {
            return "the \(other)'s certificate (\(name)) is valid only from \(utc(rejected.notValidBefore)) on"
        }
        let issuer = rejected.issuerName.first { $0.type == .commonName }?.value ?? "somebody without a name"
        return "the \(other)'s certificate (\(name)) isn't signed by a trusted authority, but by \(issuer); "
            + "trustRoots says whom the \(ours) trusts"
    }

    /// BoringSSL's names of errors. Those with ALERT are what the other side says.
    private static func known(other: String, ours: String) -> [(code: String, words: String)] {
        [
            ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the \(other) showed no certificate, and the \(ours) requires one"),
            ("ALERT_CERTIFICATE_REQUIRED", "the \(other) requires a certificate, and the \(ours) showed none"),
            ("ALERT_CERTIFICATE_EXPIRED", "the \(other) says that the \(ours)'s certificate has expired"),
            ("ALERT_UNKNOWN_CA", "the \(other) doesn't trust the authority that signed the \(ours)'s certificate"),
            ("ALERT_BAD_CERTIFICATE", "the \(other) says that the \(ours)'s certificate isn't valid"),
            ("ALERT_CERTIFICATE_UNKNOWN", "the \(other) doesn't accept the \(ours)'s certificate"),
            ("ALERT_CERTIFICATE_REVOKED", "the \(other) says that the \(ours)'s certificate was revoked"),
            ("ALERT_PROTOCOL_VERSION", "the \(other) speaks no version of TLS that the \(ours) does"),
            ("ALERT_HANDSHAKE_FAILURE", "the \(other) found no way of encrypting that both sides know"),
            ("UNSUPPORTED_PROTOCOL", "the \(other) speaks no version of TLS that the \(ours) does"),
            ("NO_SHARED_CIPHER", "there is no way of encrypting that both sides know"),
            ("WRONG_VERSION_NUMBER", "the \(other) doesn't speak TLS"),
        ]
    }

    private func utc(_ time: time_t) -> String {
        var (time, fields) = (time, tm())
        gmtime_r(&time, &fields)
        return String(unsafeUninitializedCapacity: 32) { text in
            text.withMemoryRebound(to: CChar.self) { text in
                strftime(text.baseAddress!, text.count, "%Y-%m-%d %H:%M:%S UTC", &fields)
            }
        }
    }
}

extension NIOSSLCertificate {
    var commonName: String? { subjectName.last { $0.type == .commonName }?.value }

    /// The subject's alternative names that are DNS names.
    var dnsNames: [String] {
        _subjectAlternativeNames().filter { $0.nameType == .dnsName }.map { name in
            name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }
}
