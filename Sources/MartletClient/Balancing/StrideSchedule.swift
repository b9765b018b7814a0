private import Synchronization

/// Takes turns by weight, evenly spread, without a lock (the static stride scheduler of gRPC A58).
///
/// Each round asks every index once; one of the full weight takes each of its turns, one of half of it every other.
final class StrideSchedule: Sendable {
    private static let fullWeight: UInt64 = 65_535

    private let weights: [UInt64]
    private let sequence: Atomic<UInt64>

    /// - Parameters:
    ///   - weights: At least one, none below 0 and one above it.
    ///   - start: Where to begin; by chance, so that many clients don't begin with the same endpoint.
    init(_ weights: [Double], start: UInt64) {
        let most = weights.max()!
        self.weights = weights.map { max(1, UInt64($0 / most * Double(Self.fullWeight))) }
        sequence = Atomic(start & 0xFFFF_FFFF)
    }

    func next() -> Int {
        while true {
            let turn = sequence.wrappingAdd(1, ordering: .relaxed).oldValue
            let (round, index) = turn.quotientAndRemainder(dividingBy: UInt64(weights.count))
            let weight = weights[Int(index)]
            // Neighbours of one weight take turns in different rounds.
            let offset = Self.fullWeight / 2 &* index
            if (weight &* round &+ offset) % Self.fullWeight >= Self.fullWeight - weight { return Int(index) }
        }
    }
}
