/// What one side of a connection says about itself in its first frame.
package struct HelloInfo: Sendable, Hashable {
    /// The highest version that the side speaks; the lower of the two is in force.
    package var version: UInt32 = HelloInfo.currentVersion
    /// What the side accepts.
    package var limits: NativeLimits
    /// The largest message that the side accepts, in bytes; for now it also has to fit into one frame.
    package var maxMessageBytes: Int
    /// Message bytes that each stream may carry to this side before it grants more; 0 without flow control.
    package var streamWindow: Int = 0
    /// The same for all streams of the connection together.
    package var connectionWindow: Int = 0
    /// Compressions that the side can undo, such as `gzip`.
    package var compressions: [String] = []
    /// Bits of optional features; what both sides state is in force. None is defined yet.
    package var features: UInt64 = 0
    package var implementation: NativeImplementation

    static let currentVersion: UInt32 = 1
}

/// The program that speaks, for logs: nothing may depend on it.
package struct NativeImplementation: Sendable, Hashable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}
