package import MartletCore
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// At what stage an attempt to connect failed, and why. ``connectFailureText(_:)`` says it in words.
package func connectFailure(
    _ error: any Error
) -> (stage: ConnectionFailure.Stage, cause: ConnectionFailure.Cause) {
    switch error {
    case let error as NIOConnectionError:
        guard let first = error.connectionErrors.first else { return (.resolving, .unreachable) }
        return (.connecting, cause(first.error))
    case let failure as HandshakeFailure:
        return (.securing, failure.cause)
    default:
        return (.connecting, cause(error))
    }
}

private func cause(_ error: any Error) -> ConnectionFailure.Cause {
    switch error {
    case ChannelError.connectTimeout: return .connectTimeout
    case let error as IOError:
        switch error.errnoCode {
        case ETIMEDOUT: return .connectTimeout
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, ENOENT, EACCES, EPERM, EADDRNOTAVAIL: return .unreachable
        case ECONNRESET, EPIPE: return .reset
        default: return .refused
        }
    default: return .refused
    }
}
