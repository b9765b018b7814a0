internal import MartletCore

/// What one side lets its peer use, and tells it in its Hello.
package struct WireLimits: Sendable, Hashable {
    /// Data bytes of one frame. Default 64 KiB: large messages travel in parts, and others get their turn between them.
    package var maxFrameBytes: Int

    /// Bytes of one message. Default 4 MiB, as in gRPC and ttrpc.
    package var maxMessageBytes: Int

    /// Calls that a client may have open on one connection; more are refused, safe to retry. Default 1000: enough that
    /// honest clients don't wait, few enough that one connection can't fill memory with tasks.
    package var maxConcurrentStreams: Int

    /// Metadata of one message, counted as its keys and values and 32 bytes per field, as HTTP/2 counts
    /// (RFC 9113, section 6.5.2). Default 16 KiB.
    package var maxMetadataBytes: Int

    /// Message bytes of one stream that may be on their way or wait for its reader. Default 256 KiB.
    package var streamWindow: Int

    /// Message bytes of all streams that may be on their way. Default 4 MiB.
    package var connectionWindow: Int

    /// Compressions that this side can undo, such as `gzip`, the best first. Default none.
    package var compressions: [String]

    /// `maxFrameBytes` must be from 16 KiB to 2 GiB − 1, the windows from 64 KiB, the others from 1.
    package init(
        maxFrameBytes: Int = 64 << 10, maxMessageBytes: Int = 4 << 20, maxConcurrentStreams: Int = 1000,
        maxMetadataBytes: Int = 16 << 10, streamWindow: Int = 256 << 10, connectionWindow: Int = 4 << 20,
        compressions: [String] = []
    ) {
        self.maxFrameBytes = maxFrameBytes
        self.maxMessageBytes = maxMessageBytes
        self.maxConcurrentStreams = maxConcurrentStreams
        self.maxMetadataBytes = maxMetadataBytes
        self.streamWindow = streamWindow
        self.connectionWindow = connectionWindow
        self.compressions = compressions
    }

    /// What holds towards a peer until its Hello has come, and for whatever that Hello leaves out.
    package static let initial = WireLimits(
        maxFrameBytes: 16 << 10, maxMessageBytes: 4 << 20, maxConcurrentStreams: 100, maxMetadataBytes: 16 << 10,
        streamWindow: 64 << 10, connectionWindow: 64 << 10)

    /// Traps if the limits, which are this process's own, are none that a Hello can state.
    func validate() {
        let least = Self.initial
        let most = Int(Int32.max)
        precondition(least.maxFrameBytes...most ~= maxFrameBytes, "maxFrameBytes must be from 16 KiB to 2 GiB − 1")
        precondition(1...most ~= maxMessageBytes, "maxMessageBytes must be from 1 to 2 GiB − 1")
        precondition(1...most ~= maxConcurrentStreams, "maxConcurrentStreams must be from 1 to 2³¹ − 1")
        precondition(1...most ~= maxMetadataBytes, "maxMetadataBytes must be from 1 to 2 GiB − 1")
        precondition(least.streamWindow...most ~= streamWindow, "streamWindow must be from 64 KiB to 2 GiB − 1")
        precondition(
            least.connectionWindow...most ~= connectionWindow, "connectionWindow must be from 64 KiB to 2 GiB − 1")
    }

    /// Throws RESOURCE_EXHAUSTED unless a peer with these limits accepts a message of the size.
    ///
    /// - Parameter what: `request` or `response`, for the error.
    func check(_ what: String, size: Int) throws(RPCError) {
        guard size <= maxMessageBytes else {
            throw RPCError(
                .resourceExhausted,
                "the \(what)'s \(size) bytes are over the peer's limit of \(maxMessageBytes) for one message")
        }
    }

    /// Throws RESOURCE_EXHAUSTED unless a peer with these limits accepts a frame with `size` bytes of data.
    func check(_ what: String, frameSize size: Int) throws(RPCError) {
        guard size <= maxFrameBytes else {
            throw RPCError(
                .resourceExhausted,
                "the \(what) takes a frame of \(size) bytes, over the peer's limit of \(maxFrameBytes)")
        }
    }

    /// Throws RESOURCE_EXHAUSTED unless a peer with these limits accepts the metadata.
    func check(_ metadata: borrowing Metadata) throws(RPCError) {
        if metadata.isEmpty { return }
        let size = metadata.wireSize
        guard size <= maxMetadataBytes else { throw .metadataTooLarge(size, limit: maxMetadataBytes) }
    }
}
