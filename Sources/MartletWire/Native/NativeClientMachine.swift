package import MartletCore
package import NIOCore

package enum NativeClientEvent {
    /// The server's Hello: its limits are in force. Always the first event but `goAway` and `failed`.
    case hello(HelloInfo)
    /// Comes once for each request, cancelled or not. Drop it if nobody waits any more.
    case response(NativeResponse)
    /// The server takes no more requests. Those on streams above `lastStream` never ran and won't; each of the others
    /// gets its response unless the connection closes first. A code other than OK: the server closes at once.
    case goAway(lastStream: UInt32, code: StatusCode, text: String)
    /// The connection is over: `output` tells the server why. Flush and close; the machine takes no more input.
    case failed(WireError)
}

/// What became of an attempt to send a request.
package enum NativeRequestResult {
    case sent(stream: UInt32)
    /// Nothing was written: the server's Hello hasn't come yet and the request needs more than the initial limits
    /// allow, or as many calls are open as the server allows. Try again after the next `hello` or `response`.
    case notNow
    /// Nothing was written, and never will be on this connection, since the request is over a limit of the server.
    case rejected(RPCError)
    /// Nothing was written: this connection takes no more requests. Use a fresh one.
    case exhausted
}

package struct NativeClientMachine: ~Copyable {
    /// Requests sent whose response hasn't come.
    package private(set) var openStreams = 0
    /// Bytes that `next` needs, beyond those in `input`, to go on: what to reserve, up to some size,
    /// since a peer may announce a frame and never send it.
    package private(set) var bytesNeeded = FrameHeader.byteCount
    /// The server's Hello, once it has come.
    package private(set) var peer: HelloInfo?

    package init(limits: NativeLimits = NativeLimits(), implementation: NativeImplementation) {
    }

    /// Writes our Hello: once, before anything else.
    package mutating func start(into output: inout ByteBuffer) {
        fatalError()
    }

    /// Sends a request. `write` puts exactly `payloadSize` bytes at the place it is given.
    ///
    /// - Parameter timeoutNanoseconds: How long the server may take; nil without end. Zero or less is sent as 1.
    package mutating func request(
        service: String, method: String, payloadSize: Int, timeoutNanoseconds: Int64?, metadata: borrowing Metadata,
        into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> NativeRequestResult {
        fatalError()
    }

    /// Tells the server that nobody waits for a response any more. `code`: CANCELLED or DEADLINE_EXCEEDED.
    package mutating func cancel(stream: UInt32, code: StatusCode, into output: inout ByteBuffer) {
        fatalError()
    }

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> NativeClientEvent? {
        fatalError()
    }
}
