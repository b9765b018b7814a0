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

extension [UInt8] {
    /// The bytes that `write` puts where it is told.
    package init(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) {
        self.init(unsafeUninitializedCapacity: size) { bytes, count in
            if let start = bytes.baseAddress { write(start) }
            count = size
        }
    }

    /// Puts the bytes where it is told.
    package func write(to target: UnsafeMutableRawPointer) {
        withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { target.copyMemory(from: start, byteCount: bytes.count) }
        }
    }
}
