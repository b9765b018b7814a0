internal import MartletTransport

/// What the way to a server is like. By default it takes no time and loses nothing.
public struct LinkConditions: Sendable, Hashable {
    /// How long bytes take in either direction, each piece by chance within the range. The pieces of one connection
    /// stay in order; those of different connections overtake one another.
    public var latency: ClosedRange<Duration> = .zero ... .zero

    /// Of each connection and direction. Nil: without bound.
    public var bytesPerSecond: Int?

    /// The pieces in which bytes arrive, in bytes, each by chance within the range. `1...1` delivers every byte by
    /// itself. Nil: as they were written.
    public var pieceSizes: ClosedRange<Int>?

    /// Where each direction of a connection is cut once, in bytes from its beginning. Nil: nowhere.
    public var cut: Int?

    /// The chance of each piece that the connection breaks instead, from 0 to 1.
    public var resetChance = 0.0

    /// The chance of each attempt to connect that it is refused, from 0 to 1.
    public var refusalChance = 0.0

    /// A perfect link.
    public init() {}
}

/// Chance that is the same in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// - Parameter chance: From 0 to 1.
    mutating func happens(_ chance: Double) -> Bool { chance > 0 && .random(in: 0..<1, using: &self) < chance }

    mutating func duration(in range: ClosedRange<Duration>) -> UInt64 {
        let nanoseconds = { (duration: Duration) in UInt64(max(0, duration.nanoseconds)) }
        return .random(in: nanoseconds(range.lowerBound)...nanoseconds(range.upperBound), using: &self)
    }
}
