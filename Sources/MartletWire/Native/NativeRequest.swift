package import MartletCore
package import NIOCore

/// A unary call as it arrived. It keeps the read buffer alive: copy what outlives the call.
package struct NativeRequest {
    package let stream: UInt32
    /// How long the client waits, counted from the arrival of the request; always positive. Nil: without end.
    package let timeoutNanoseconds: Int64?
    package let metadata: Metadata
    let frame: ByteBuffer

    /// The message, a slice of the read buffer.
    package var payload: ByteBuffer { fatalError() }
    /// Makes a string: for errors and logs. Routing uses ``MethodIndex``.
    package var service: String { fatalError() }
    package var method: String { fatalError() }
}
