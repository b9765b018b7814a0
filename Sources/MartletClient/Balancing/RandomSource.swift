private import Synchronization

/// Chance for any number of threads, without a lock: SplitMix64 (Steele, Lea and Flood, 2014).
final class RandomSource: Sendable {
    private let state: Atomic<UInt64>

    init(seed: UInt64) { state = Atomic(seed) }

    func next() -> UInt64 {
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below a bound above 0, by multiplication (Lemire, 2019); what that favours is below 1 in 2³².
    func index(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// From 0 to below 1.
    func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
