package import NIOCore

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// What one end of an in-process connection tells the other.
package enum InProcessSignal: Sendable {
    case bytes(ByteBuffer)
    /// So many bytes more were read and may be sent anew.
    case taken(Int)
    /// No more bytes will come.
    case end
    /// The end is gone.
    case closed
    /// The connection broke.
    case reset
}

/// Carries the signals of a connection from one end to the other: at once, or as a test's network has it.
package protocol InProcessCourier: Sendable {
    /// Called on the sender's loop. The signal must come to `receiver.arrive(_:)`, on the receiver's loop, and
    /// the signals of one sender in their order.
    func carry(_ signal: InProcessSignal, to receiver: InProcessChannel)
}

extension IOError {
    /// What a socket's reader gets when the connection broke.
    static var connectionReset: IOError { IOError(errnoCode: ECONNRESET, reason: "read") }
}
