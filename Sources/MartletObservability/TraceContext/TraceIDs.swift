internal import Synchronization

/// Where ids of traces and spans come from: SplitMix64 (Steele, Lea and Flood, 2014), which two threads may ask at once.
///
/// The system's generator, which `UInt64.random` takes, is a system call for each number, 0.3 µs, and a call needs up to
/// three. An id has to be unlike others, not hard to guess: of one process no two are the same, processes begin anywhere
/// in 2^64, and those that come upon the same numbers give their traces other ids all the same.
enum TraceIDs {
    private static let process = UInt64.random(in: 0 ... .max)
    private static let state = Atomic<UInt64>(.random(in: 0 ... .max))

    /// Never 0, which is no id.
    static func next() -> UInt64 {
        let id = mixed(state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue)
        return id == 0 ? next() : id
    }

    /// For a new trace.
    static func nextTrace() -> HexPair { HexPair(high: next() ^ process, low: next()) }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
