import Testing

@testable import MartletClient

@Suite struct StrideScheduleTests {
    @Test(
        arguments: [
            [1, 1, 1], [1, 2, 3], [5, 1], [0.1, 1, 1, 1], [1_000_000, 1], [7, 11, 13, 17, 19],
        ] as [[Double]])
    func everyoneGetsItsShare(weights: [Double]) {
        let schedule = StrideSchedule(weights, start: 12_345)
        let turns = 100_000
        var counts = Array(repeating: 0, count: weights.count)
        for _ in 0..<turns { counts[schedule.next()] += 1 }
        let total = weights.reduce(0, +)
        for (count, weight) in zip(counts, weights) {
            let share = Double(turns) * weight / total
            #expect(abs(Double(count) - share) <= 0.01 * Double(turns))
        }
    }

    @Test func turnsAreSpreadEvenly() {
        let schedule = StrideSchedule([1, 3], start: 0)
        let order = (0..<400).map { _ in schedule.next() }
        // Whoever gets every fourth turn never waits for more than five others.
        let places = order.indices.filter { order[$0] == 0 }
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 <= 6 })
    }
}
