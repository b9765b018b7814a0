/// What one side lets its peer use, and tells it in its Hello.
package struct NativeLimits: Sendable, Hashable {
    /// Data bytes of one frame, and so of one message with its envelope: from 16 KiB to 2 GiB − 1.
    /// Default 4 MiB, as in ttrpc.
    package var maxFrameBytes: Int

    /// Calls that a client may have open on one connection; more are refused, safe to retry.
    /// Default 1000: enough that no honest client waits, few enough that a hostile one can't fill memory with tasks.
    package var maxConcurrentStreams: Int

    /// Metadata of one message, counted as its keys and values and 32 bytes per field, as HTTP/2 counts
    /// (RFC 9113, section 6.5.2). Default 16 KiB.
    package var maxMetadataBytes: Int

    package init(
        maxFrameBytes: Int = 4 << 20, maxConcurrentStreams: Int = 1000, maxMetadataBytes: Int = 16 << 10
    ) {
        self.maxFrameBytes = maxFrameBytes
        self.maxConcurrentStreams = maxConcurrentStreams
        self.maxMetadataBytes = maxMetadataBytes
    }

    /// What holds towards a peer until its Hello has come, and for whatever that Hello leaves out.
    package static let initial = NativeLimits(
        maxFrameBytes: 16 << 10, maxConcurrentStreams: 100, maxMetadataBytes: 16 << 10)

    /// Details of one status: the first 64 are sent and read, the rest dropped.
    static let maxStatusDetails = 64
}
