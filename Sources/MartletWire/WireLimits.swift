internal import MartletCore

/// What one side lets its peer use, and tells it in its Hello.
package struct WireLimits: Sendable, Hashable {
    /// Data bytes of one frame, and so of one message with its envelope. Default 4 MiB, as in ttrpc.
    package var maxFrameBytes: Int

    /// Calls that a client may have open on one connection; more are refused, safe to retry. Default 1000: enough that
    /// honest clients don't wait, few enough that one connection can't fill memory with tasks.
    package var maxConcurrentStreams: Int

    /// Metadata of one message, counted as its keys and values and 32 bytes per field, as HTTP/2 counts
    /// (RFC 9113, section 6.5.2). Default 16 KiB.
    package var maxMetadataBytes: Int

    /// One message, in bytes. A message travels in one frame, so this side's is `maxFrameBytes`; a peer's may be lower.
    var maxMessageBytes: Int

    /// `maxFrameBytes` must be from 16 KiB to 2 GiB − 1, the others from 1 to 2³¹ − 1.
    package init(
        maxFrameBytes: Int = 4 << 20, maxConcurrentStreams: Int = 1000, maxMetadataBytes: Int = 16 << 10
    ) {
        self.maxFrameBytes = maxFrameBytes
        self.maxConcurrentStreams = maxConcurrentStreams
        self.maxMetadataBytes = maxMetadataBytes
        maxMessageBytes = maxFrameBytes
    }

    /// What holds towards a peer until its Hello has come, and for whatever that Hello leaves out.
    package static let initial = WireLimits(
        maxFrameBytes: 16 << 10, maxConcurrentStreams: 100, maxMetadataBytes: 16 << 10)

    /// Traps if the limits, which are this process's own, are none that a Hello can state.
    func validate() {
        let frameSizes = Self.initial.maxFrameBytes...Int(Int32.max)
        precondition(frameSizes ~= maxFrameBytes, "maxFrameBytes must be from 16 KiB to 2 GiB − 1")
        precondition(1...Int(Int32.max) ~= maxConcurrentStreams, "maxConcurrentStreams must be from 1 to 2³¹ − 1")
        precondition(1...Int(Int32.max) ~= maxMetadataBytes, "maxMetadataBytes must be from 1 to 2 GiB − 1")
    }

    /// Throws RESOURCE_EXHAUSTED unless a peer with these limits accepts what is about to be sent.
    ///
    /// - Parameters:
    ///   - what: `request` or `response`, for the error.
    ///   - frameSize: The size of the message and its envelope.
    func check(_ what: String, payloadSize: Int, frameSize: Int) throws(RPCError) {
        guard payloadSize <= maxMessageBytes else {
            throw RPCError(
                .resourceExhausted,
                "the \(what)'s \(payloadSize) bytes are over the peer's limit of \(maxMessageBytes) for one message")
        }
        guard frameSize <= maxFrameBytes else {
            throw RPCError(
                .resourceExhausted,
                "the \(what) takes a frame of \(frameSize) bytes, over the peer's limit of \(maxFrameBytes)")
        }
    }

    /// Throws RESOURCE_EXHAUSTED unless a peer with these limits accepts the metadata.
    func check(_ metadata: borrowing Metadata) throws(RPCError) {
        if metadata.isEmpty { return }
        let size = metadata.wireSize
        guard size <= maxMetadataBytes else { throw .metadataTooLarge(size, limit: maxMetadataBytes) }
    }
}
