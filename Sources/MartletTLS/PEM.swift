internal import MartletCore
internal import NIOSSL

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// Certificates and keys from text (RFC 7468). `name` is how errors call the text.
enum PEM {
    static func certificates(in text: [UInt8], of name: String) throws(RPCError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do { certificates = try NIOSSLCertificate.fromPEMBytes(text) } catch {
            throw RPCError(.failedPrecondition, "\(name): a certificate in PEM was expected: \(error)")
        }
        guard !certificates.isEmpty else {
            throw RPCError(.failedPrecondition, "\(name): there is no certificate in PEM in it")
        }
        return certificates
    }

    static func privateKey(in text: [UInt8], of name: String) throws(RPCError) -> NIOSSLPrivateKey {
        do { return try NIOSSLPrivateKey(bytes: text, format: .pem) } catch {
            throw RPCError(
                .failedPrecondition, "\(name): a private key in PEM, without a passphrase, was expected: \(error)")
        }
    }

    static func read(_ path: String) throws(RPCError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw unreadable(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        guard ferror(file) == 0 else { throw unreadable(path) }
        return bytes
    }

    private static func unreadable(_ path: String) -> RPCError {
        RPCError(.failedPrecondition, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
}
