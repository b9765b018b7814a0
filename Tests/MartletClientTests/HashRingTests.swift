import Testing

@testable import MartletClient

@Suite struct HashRingTests {
    private static let keys = (0..<10_000).map { XXHash64.hash("key-\($0)") }

    private func ring(_ names: some Sequence<Int>) -> (HashRing, [Int]) {
        let names = Array(names)
        return (HashRing(names.map { ("host-\($0)", 1) }, sizes: 1024...4096), names)
    }

    private func owners(_ ring: (ring: HashRing, names: [Int])) -> [Int] {
        Self.keys.map { key in ring.names[ring.ring.endpoint(for: key) { _ in true }!] }
    }

    @Test(arguments: [2, 5, 10, 50])
    func onlyTheKeysOfANewEndpointMove(count: Int) {
        let before = owners(ring(0..<count))
        let after = owners(ring(0...count))
        let moved = zip(before, after).filter { $0 != $1 }
        #expect(moved.allSatisfy { $0.1 == count })
        // Its fair share, give or take what the points' places make of it.
        let fair = Double(Self.keys.count) / Double(count + 1)
        #expect(Double(moved.count) > 0.5 * fair && Double(moved.count) < 1.7 * fair)
    }

    @Test(arguments: [3, 10, 40])
    func onlyTheKeysOfALostEndpointMove(count: Int) {
        for lost in [0, count / 2, count - 1] {
            let before = owners(ring(0..<count))
            let after = owners(ring((0..<count).filter { $0 != lost }))
            let moved = zip(before, after).filter { $0 != $1 }
            #expect(moved.allSatisfy { $0.0 == lost })
            #expect(moved.count == before.count { $0 == lost })
        }
    }

    /// From 8 to 9 endpoints each has half of the points it had.
    @Test func fewerPointsForEachMoveMoreKeysOnce() {
        let before = owners(ring(0..<8))
        let after = owners(ring(0..<9))
        let moved = zip(before, after).count { $0 != $1 }
        #expect(moved < Self.keys.count / 2)
    }

    @Test func anEndpointThatWontDoIsPassedOverAsIfItWereLost() {
        let all = ring(0..<10)
        let rest = ring((0..<10).filter { $0 != 4 })
        let passed = Self.keys.map { key in all.1[all.0.endpoint(for: key) { $0 != 4 }!] }
        #expect(passed == owners(rest))
        #expect(all.0.endpoint(for: 17) { _ in false } == nil)
    }

    @Test func pointsFollowTheWeights() {
        let ring = HashRing([("small", 1), ("large", 3)], sizes: 1024...4096)
        let large = Self.keys.count { ring.endpoint(for: $0) { _ in true } == 1 }
        let share = Double(large) / Double(Self.keys.count)
        #expect(share > 0.70 && share < 0.80)
    }

    @Test func theRingHasItsSizes() {
        #expect(HashRing([("a", 1), ("b", 1)], sizes: 100...200).count == 128)
        #expect(HashRing([("a", 1), ("b", 1000)], sizes: 10...200).count == 200)
        #expect(HashRing((0..<30).map { ("\($0)", 1) }, sizes: 1...20).count == 30)
        #expect(HashRing([], sizes: 10...200).endpoint(for: 1) { _ in true } == nil)
    }
}
