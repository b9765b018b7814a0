package import MartletCore
package import NIOCore

/// The outcome of a call as the server sent it.
package struct NativeResponse {
    package let stream: UInt32
    /// The message, a slice of the read buffer (copy what outlives the call), or the server's error, which carries
    /// the trailing metadata too and says whether a retry is safe.
    package let result: Result<ByteBuffer, RPCError>
    package let trailingMetadata: Metadata
}
