import Testing

@testable import MartletClient

@Suite struct OutlierDetectorTests {
    private static let second: UInt64 = 1_000_000_000

    private func tallies(_ failures: [Int], of calls: Int = 100) -> [OutlierDetector.Tally] {
        failures.enumerated().map {
            OutlierDetector.Tally(id: "\($0)", successes: calls - $1, failures: $1)
        }
    }

    private func configuration(
        successRate: Bool = false, failurePercentage: Bool = false, most: Int = 50
    ) -> OutlierDetection {
        var configuration = OutlierDetection()
        if !successRate { configuration.successRate = nil }
        if !failurePercentage { configuration.failurePercentage = nil }
        configuration.maxEjectionPercent = most
        return configuration
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0], []), ([0, 0, 0, 0, 60], ["4"]), ([50, 50, 50, 50, 50], []), ([1, 0, 2, 1, 90], ["4"]),
            ([0, 0, 0, 90], []),
        ] as [([Int], [String])])
    func theSuccessRateIsComparedWithTheOthers(failures: [Int], ejected: [String]) {
        var detector = OutlierDetector(configuration(successRate: true))
        detector.sweep(tallies(failures), now: 0) { 0 }
        #expect(detector.ejected == Set(ejected))
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 84], []), ([0, 0, 0, 0, 85], ["4"]), ([100, 100, 0, 0, 0], ["0", "1"]),
            ([100, 100, 100, 100, 100], ["0", "1", "2"]), ([100, 0, 0, 0], []),
        ] as [([Int], [String])])
    func tooManyFailuresAreTooManyUpToTheCap(failures: [Int], ejected: [String]) {
        var detector = OutlierDetector(configuration(failurePercentage: true))
        detector.sweep(tallies(failures), now: 0) { 0 }
        #expect(detector.ejected == Set(ejected))
    }

    @Test func oneMayAlwaysBeEjected() {
        var detector = OutlierDetector(configuration(failurePercentage: true, most: 1))
        detector.sweep(tallies([100, 100, 0, 0, 0]), now: 0) { 0 }
        #expect(detector.ejected == ["0"])
    }

    @Test func fewCallsTellNothing() {
        var detector = OutlierDetector(configuration(successRate: true, failurePercentage: true))
        detector.sweep(tallies([0, 0, 0, 0, 40], of: 40), now: 0) { 0 }
        #expect(detector.ejected.isEmpty)
    }

    @Test func enforcementIsByChance() {
        var rule = configuration(failurePercentage: true)
        rule.failurePercentage?.enforcementPercentage = 30
        for (random, ejected) in [(0.29, 1), (0.3, 0)] {
            var detector = OutlierDetector(rule)
            detector.sweep(tallies([0, 0, 0, 0, 100]), now: 0) { random }
            #expect(detector.ejected.count == ejected)
        }
    }

    @Test func eachTimeInARowLastsLonger() {
        var detector = OutlierDetector(configuration(failurePercentage: true))
        let bad = tallies([0, 0, 0, 0, 100])
        let none = tallies([0, 0, 0, 0, 0], of: 0)
        var returns: [UInt64] = []
        var ejections: [UInt64] = []
        var wasEjected = false
        for second in stride(from: UInt64(0), to: 400, by: 10) {
            detector.sweep(wasEjected ? none : bad, now: second * Self.second) { 0 }
            let isEjected = !detector.ejected.isEmpty
            if isEjected, !wasEjected { ejections.append(second) }
            if !isEjected, wasEjected { returns.append(second) }
            wasEjected = isEjected
        }
        // 30 s, 60 s, 90 s, …, each after one interval of trust.
        #expect(zip(ejections, returns).map { $1 - $0 } == [30, 60, 90, 120])
    }

    @Test func goodTimesAreForgivenBitByBit() {
        var detector = OutlierDetector(configuration(failurePercentage: true))
        let good = tallies([0, 0, 0, 0, 0])
        detector.sweep(tallies([0, 0, 0, 0, 100]), now: 0) { 0 }
        for second in stride(from: UInt64(10), through: 60, by: 10) {
            detector.sweep(good, now: second * Self.second) { 0 }
        }
        detector.sweep(tallies([0, 0, 0, 0, 100]), now: 70 * Self.second) { 0 }
        detector.sweep(good, now: 90 * Self.second) { 0 }
        #expect(detector.ejected == ["4"])
        detector.sweep(good, now: 100 * Self.second) { 0 }
        #expect(detector.ejected.isEmpty)
    }

    @Test func whoIsGoneIsForgotten() {
        var detector = OutlierDetector(configuration(failurePercentage: true))
        detector.sweep(tallies([0, 0, 0, 0, 100]), now: 0) { 0 }
        detector.sweep(tallies([0, 0, 0, 0]), now: 1) { 0 }
        #expect(detector.ejected.isEmpty)
    }
}
