internal import CProtobufC

extension GoogleProtobuf.Timestamp {
    /// The system's clock, which may jump.
    public static var now: GoogleProtobuf.Timestamp {
        GoogleProtobuf.Timestamp(sinceEpoch: .nanoseconds(martlet_nanoseconds_since_epoch()))
    }

    /// A time counted from 1970-01-01T00:00:00Z, without leap seconds; rounded down to nanoseconds.
    public init(sinceEpoch duration: Swift.Duration) {
        let (seconds, nanos) = duration.secondsAndNanos
        self.init(seconds: nanos < 0 ? seconds - 1 : seconds, nanos: nanos < 0 ? nanos + 1_000_000_000 : nanos)
    }

    /// The time since 1970-01-01T00:00:00Z.
    public var sinceEpoch: Swift.Duration { .seconds(seconds) + .nanoseconds(Int64(nanos)) }

    /// Whether all implementations of protobuf take this time: from 0001-01-01T00:00:00Z to
    /// 9999-12-31T23:59:59.999999999Z, with nanoseconds from 0 to 999999999.
    public var isValid: Bool { TimestampText.seconds ~= seconds && 0...999_999_999 ~= nanos }

    /// Reads RFC 3339, such as `2001-02-03T04:05:06.789+01:00`; nil for other text and times out of range.
    public init?(rfc3339 text: String) {
        var text = text
        guard let (seconds, nanos) = text.withUTF8({ TimestampText.parse($0) }) else { return nil }
        self.init(seconds: seconds, nanos: nanos)
    }

    /// In UTC, such as `2001-02-03T04:05:06.789Z`; nil where the time isn't valid.
    public var rfc3339: String? { TimestampText.text(seconds: seconds, nanos: nanos) }
}

/// Compared and counted by the time they stand for; the sums and differences may lie out of the valid range.
extension GoogleProtobuf.Timestamp: Comparable {
    public static func < (a: GoogleProtobuf.Timestamp, b: GoogleProtobuf.Timestamp) -> Bool {
        a.seconds == b.seconds ? a.nanos < b.nanos : a.seconds < b.seconds
    }

    /// The time so much later.
    public static func + (time: GoogleProtobuf.Timestamp, duration: Swift.Duration) -> GoogleProtobuf.Timestamp {
        GoogleProtobuf.Timestamp(sinceEpoch: time.sinceEpoch + duration)
    }

    /// The time so much earlier.
    public static func - (time: GoogleProtobuf.Timestamp, duration: Swift.Duration) -> GoogleProtobuf.Timestamp {
        GoogleProtobuf.Timestamp(sinceEpoch: time.sinceEpoch - duration)
    }

    /// The time from `b` to `a`.
    public static func - (a: GoogleProtobuf.Timestamp, b: GoogleProtobuf.Timestamp) -> Swift.Duration {
        a.sinceEpoch - b.sinceEpoch
    }

    /// Moves it to a later time.
    public static func += (time: inout GoogleProtobuf.Timestamp, duration: Swift.Duration) { time = time + duration }
    /// Moves it to an earlier time.
    public static func -= (time: inout GoogleProtobuf.Timestamp, duration: Swift.Duration) { time = time - duration }
}
