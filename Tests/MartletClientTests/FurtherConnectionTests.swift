import Testing

@testable import MartletClient

@Suite struct FurtherConnectionTests {
    private static let second: UInt64 = 1_000_000_000

    @Test(arguments: [
        (0, 4, false, "nothing is connected: that is not further"), (1, 4, true, "there is room"),
        (3, 4, true, "for one"), (4, 4, false, "and no more"), (1, 1, false, "one is allowed"),
    ])
    func oneMoreIsMadeUpToTheLimit(count: Int, limit: Int, begins: Bool, why: String) {
        var further = FurtherConnection()
        let hasBegun = further.begin(count: count, limit: limit, now: 0)
        #expect(hasBegun == begins, "\(why)")
    }

    @Test func oneIsMadeAtATimeAndAFailureIsFollowedByAPause() {
        var further = FurtherConnection()
        let begun = [1, 2].map { further.begin(count: 1, limit: 4, now: $0) }
        #expect(begun == [true, false])
        further.failed(now: 10)
        let again = [Self.second, Self.second + 10].map { further.begin(count: 1, limit: 4, now: $0) }
        #expect(again == [false, true])
    }
}
