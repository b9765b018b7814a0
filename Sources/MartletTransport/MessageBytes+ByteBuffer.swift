package import MartletCore
package import NIOCore

extension MessageBytes {
    /// The readable bytes of a buffer, which keeps its storage unchanged as long as somebody else refers to it.
    package init(_ buffer: ByteBuffer) {
        self = buffer.withUnsafeReadableBytesWithStorageManagement { bytes, storage in
            MessageBytes(bytes, keptAliveBy: storage.takeUnretainedValue())
        }
    }
}
