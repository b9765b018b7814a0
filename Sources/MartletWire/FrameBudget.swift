internal import MartletCore

/// Bounds the frames without messages, of which a peer could otherwise send any number for nothing: Ping, Window,
/// Cancel, unknown types, empty parts of messages.
///
/// Each frame of a message, either way, earns one more, since credit comes back for it; time does too.
struct FrameBudget {
    private var left = least

    /// What a peer has each second.
    static let least = 1000
    /// What it can save.
    private static let most = 100_000

    @inline(__always)
    mutating func earn(_ frames: Int = 1) { left = min(left + frames, Self.most) }

    /// False: it is one too many.
    mutating func spend() -> Bool {
        left -= 1
        return left >= 0
    }

    mutating func spend(on header: FrameHeader) throws(WireError) {
        guard spend() else {
            throw WireError(
                stage: .established, code: .resourceExhausted,
                message: """
                    too many frames without messages, the last a \(header.name); each second there may be \
                    \(Self.least), and one for each frame of a message
                    """)
        }
    }

    /// A second has passed.
    mutating func refill() {
        left = max(left, Self.least)
    }
}
