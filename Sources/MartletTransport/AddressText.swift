package import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

extension SocketAddress {
    /// Such as `127.0.0.1:7000` or `[::1]:7000`.
    package var text: String {
        guard let host = ipAddress, let port else { return pathname ?? description }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension Channel {
    /// The other end, as errors and logs name it.
    package var peerText: String {
        (self as? InProcessChannel)?.peerName ?? remoteAddress?.text ?? "unknown"
    }
}

/// Why an attempt to connect failed, such as `127.0.0.1:7000: Connection refused (errno 111)`; the address only where
/// it isn't the target's.
package func connectFailureText(_ error: any Error) -> String {
    guard let error = error as? NIOConnectionError else { return causeText(error) }
    if error.connectionErrors.isEmpty, let cause = error.dnsAError ?? error.dnsAAAAError {
        return "the name \(error.host) can't be resolved: \(causeText(cause))"
    }
    return error.connectionErrors.map { "\($0.target.text): \(causeText($0.error))" }.joined(separator: "; ")
}

/// The system's words for an error, such as `Connection refused (errno 111)`, where there are any.
package func causeText(_ error: any Error) -> String {
    guard let error = error as? IOError, let text = strerror(error.errnoCode) else { return "\(error)" }
    return "\(String(cString: text)) (errno \(error.errnoCode))"
}
