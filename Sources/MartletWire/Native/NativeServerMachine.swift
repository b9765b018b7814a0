package import MartletCore
package import NIOCore

package enum NativeServerEvent {
    /// The client's Hello; ours is already in `output`. Always the first event but `failed`.
    case hello(HelloInfo)
    /// Must be answered with exactly one `respond` or `fail`, cancelled or not.
    case request(NativeRequest)
    /// The client no longer waits. A stream that was answered already is to be ignored. The code says why:
    /// CANCELLED or DEADLINE_EXCEEDED.
    case cancel(stream: UInt32, code: StatusCode)
    /// The client sends no more requests.
    case goAway(code: StatusCode, text: String)
    /// A request that no handler may see; its answer is already in `output`.
    case refused(stream: UInt32, RPCError)
    /// The connection is over: `output` tells the client why. Flush and close; the machine takes no more input.
    case failed(WireError)
}

package struct NativeServerMachine: ~Copyable {
    /// Requests that have been handed out and not been answered.
    package private(set) var openStreams = 0
    /// Bytes that `next` needs, beyond those in `input`, to go on: what to reserve, up to some size,
    /// since a peer may announce a frame and never send it.
    package private(set) var bytesNeeded = FrameHeader.byteCount
    /// The client's Hello, once it has come.
    package private(set) var peer: HelloInfo?

    package init(limits: NativeLimits = NativeLimits(), implementation: NativeImplementation) {
    }

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> NativeServerEvent? {
        fatalError()
    }

    /// Answers a request. `write` puts exactly `payloadSize` bytes at the place it is given.
    ///
    /// If the response is over a limit of the client, the call is answered with RESOURCE_EXHAUSTED
    /// instead and that error is returned.
    @discardableResult
    package mutating func respond(
        stream: UInt32, payloadSize: Int, trailers: borrowing Metadata, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        fatalError()
    }

    /// Answers a request with an error, its details and its metadata. `error.isSafeToRetry` goes along: set it only
    /// where no handler has seen the request.
    package mutating func fail(stream: UInt32, _ error: RPCError, into output: inout ByteBuffer) {
        fatalError()
    }

    /// Begins to drain: requests that came before are still answered, later ones are refused, safe to retry.
    package mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        fatalError()
    }
}
