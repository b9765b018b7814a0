import MartletMessages
import Testing

/// Timestamps and durations beside Swift's own.
struct TimeTests {
    private typealias Timestamp = GoogleProtobuf.Timestamp

    @Test func timestampsCountFromTheEpoch() {
        #expect(Timestamp(sinceEpoch: .milliseconds(1500)) == Timestamp(seconds: 1, nanos: 500_000_000))
        #expect(Timestamp(sinceEpoch: .milliseconds(-1)) == Timestamp(seconds: -1, nanos: 999_000_000))
        #expect(Timestamp(sinceEpoch: .seconds(-1)) == Timestamp(seconds: -1))
        for time in [Timestamp(seconds: -1, nanos: 1), Timestamp(seconds: 253_402_300_799, nanos: 999_999_999)] {
            #expect(Timestamp(sinceEpoch: time.sinceEpoch) == time)
        }
        // 2026-01-01, and long after.
        #expect(Timestamp(seconds: 1_767_225_600) < .now && .now < Timestamp(seconds: 4_102_444_800))
    }

    @Test func timestampsAreComparedAndMoved() {
        let time = Timestamp(seconds: 10, nanos: 500_000_000)
        #expect(time < Timestamp(seconds: 11) && Timestamp(seconds: 10) < time && !(time < time))
        #expect(time + .milliseconds(500) == Timestamp(seconds: 11))
        #expect(time - .seconds(11) == Timestamp(seconds: -1, nanos: 500_000_000))
        #expect(time - Timestamp(seconds: 11) == .milliseconds(-500))
        var moved = time
        moved += .seconds(1)
        moved -= .milliseconds(1500)
        #expect(moved == Timestamp(seconds: 10))
    }

    @Test func timestampsHaveText() {
        #expect(Timestamp(rfc3339: "1970-01-01T01:00:00.5+01:00") == Timestamp(nanos: 500_000_000))
        #expect(Timestamp(rfc3339: "yesterday") == nil)
        #expect(Timestamp(nanos: 1000).rfc3339 == "1970-01-01T00:00:00.000001Z")
        #expect(Timestamp(nanos: -1).rfc3339 == nil)
        #expect(Timestamp().isValid && !Timestamp(nanos: -1).isValid && !Timestamp(seconds: .max).isValid)
    }

    @Test func durationsAreSwifts() throws {
        for (swift, proto) in [
            (Swift.Duration.milliseconds(1500), GoogleProtobuf.Duration(seconds: 1, nanos: 500_000_000)),
            (.milliseconds(-1500), GoogleProtobuf.Duration(seconds: -1, nanos: -500_000_000)),
            (.zero, GoogleProtobuf.Duration()),
            (.seconds(-315_576_000_000), GoogleProtobuf.Duration(seconds: -315_576_000_000)),
        ] {
            #expect(try GoogleProtobuf.Duration(swift) == proto)
            #expect(Swift.Duration(proto) == swift)
            #expect(proto.isValid)
        }
        #expect(try GoogleProtobuf.Duration(Swift.Duration(secondsComponent: 0, attosecondsComponent: -1)).nanos == 0)
        #expect {
            try GoogleProtobuf.Duration(.seconds(315_576_000_001))
        } throws: {
            ($0 as? DurationRangeError)?.duration == .seconds(315_576_000_001)
        }
        #expect(!GoogleProtobuf.Duration(seconds: 1, nanos: -1).isValid)
        #expect(GoogleProtobuf.Duration(nanos: -1) < GoogleProtobuf.Duration())
    }
}
