/// The bytes of one received message, wherever a transport keeps them, without a copy.
///
/// Unchecked because of the pointer: the bytes are only ever read, and `owner` keeps them alive and unchanged as
/// long as this value lives.
@usableFromInline package struct MessageBytes: @unchecked Sendable {
    @usableFromInline let owner: AnyObject
    @usableFromInline let bytes: UnsafeRawBufferPointer

    /// `owner` must keep `bytes` in place and unchanged while it is retained.
    package init(_ bytes: UnsafeRawBufferPointer, keptAliveBy owner: AnyObject) {
        self.bytes = bytes
        self.owner = owner
    }

    package var count: Int { bytes.count }

    @inlinable package func withBytes<R: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
    ) throws(Failure) -> R {
        defer { withExtendedLifetime(owner) {} }
        return try body(bytes)
    }
}
