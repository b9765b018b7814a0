/// What a stream's window gets back for the messages that come on it.
///
/// A message gives its bytes back when the application takes it. Of one that is still coming the bytes are given back at
/// once, if nothing waits in front of it, since half of the window may be taken already.
struct ReceiveWindow {
    /// Bytes of whole messages that the application hasn't taken.
    private var waiting = 0
    /// Bytes of the first message not taken, or else of the partial one, that were given back when they came.
    private var givenEarly = 0

    /// Whether the application has taken all whole messages.
    var isEmpty: Bool { waiting == 0 }

    /// Messages of so many bytes together are complete.
    mutating func completed(size: Int, messages: Int = 1) { waiting += size + messages * GRPCPrefix.byteCount }

    /// - Parameter partial: Bytes that have come of a message that isn't complete.
    /// - Returns: Bytes to give back now.
    mutating func arrived(partial: Int) -> Int {
        guard waiting == 0 else { return 0 }
        defer { givenEarly = partial }
        return partial - givenEarly
    }

    /// The application has taken messages, in order.
    ///
    /// - Returns: Bytes to give back now.
    mutating func consumed(bytes: Int, messages: Int) -> Int {
        let cost = bytes + messages * GRPCPrefix.byteCount
        precondition(waiting >= cost, "more bytes are consumed than came")
        waiting -= cost
        defer { givenEarly = 0 }
        return cost - givenEarly
    }
}
