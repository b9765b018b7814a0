/// How large the connection's window must be for the peer not to wait for it: twice what comes during a round trip, which
/// a PING measures. Without clock.
///
/// The window only bounds what is on its way, since it is given back on arrival; so a large one costs nothing.
struct WindowEstimator {
    private(set) var window: Int
    /// Bytes since the last ping was sent, or came back.
    private var received = 0
    private var isMeasuring = false

    /// In bytes: 10 Gbit/s at a round trip of 50 ms.
    private static let greatest = 64 << 20

    init(window: Int) { self.window = window }

    /// - Returns: Whether a ping is to be sent now. Only when enough comes in that the window may matter.
    mutating func received(_ count: Int) -> Bool {
        received += count
        guard !isMeasuring, received >= window / 4, window < Self.greatest else { return false }
        isMeasuring = true
        received = 0
        return true
    }

    /// The ping has come back.
    ///
    /// - Returns: The new window, if it is to be larger.
    mutating func measured() -> Int? {
        guard isMeasuring else { return nil }
        defer { received = 0 }
        isMeasuring = false
        // A window that is used up to two thirds may be what holds the peer up.
        guard received * 3 >= window * 2 else { return nil }
        window = min(max(window, received * 2), Self.greatest)
        return window
    }
}
