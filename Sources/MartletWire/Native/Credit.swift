/// What a message costs of the credit beside its bytes, in the Data frame that ends it. So a reader that stalls has a
/// bounded number of messages to keep, however small they are.
let messageCost = 32

/// The most credit that a side may have.
let maxCredit = Int(Int32.max)

/// The credit that one side has given the other, for a stream or for the connection.
struct GivenCredit {
    /// What it is in the beginning.
    let window: Int
    /// What the peer may still use.
    private var left: Int
    /// What has been used and may be given again, once it is worth a frame.
    private var due = 0

    init(window: Int) {
        self.window = window
        left = window
    }

    /// False: the peer uses more than it was given.
    mutating func use(_ cost: Int) -> Bool {
        left -= cost
        return left >= 0
    }

    var available: Int { left }

    /// Gives some of what was used back. Returns what to tell the peer now, 0 for nothing: it goes in steps of half
    /// the window.
    mutating func giveBack(_ cost: Int) -> Int {
        due += cost
        guard due >= window / 2 else { return 0 }
        defer { due = 0 }
        left += due
        return due
    }
}
