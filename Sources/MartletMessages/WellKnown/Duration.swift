extension GoogleProtobuf.Duration {
    /// Rounded towards zero to nanoseconds. Throws beyond protobuf's range of about 10,000 years either way.
    public init(_ duration: Swift.Duration) throws(DurationRangeError) {
        let (seconds, nanos) = duration.secondsAndNanos
        guard DurationText.isValid(seconds: seconds, nanos: nanos) else {
            throw DurationRangeError(duration: duration)
        }
        self.init(seconds: seconds, nanos: nanos)
    }

    /// Whether all implementations of protobuf take this duration: within 315576000000 seconds either way, with
    /// nanoseconds from 0 to 999999999 of the same sign.
    public var isValid: Bool { DurationText.isValid(seconds: seconds, nanos: nanos) }
}

/// Compared by the time they stand for.
extension GoogleProtobuf.Duration: Comparable {
    public static func < (a: GoogleProtobuf.Duration, b: GoogleProtobuf.Duration) -> Bool {
        Swift.Duration(a) < Swift.Duration(b)
    }
}

extension Swift.Duration {
    /// Exact, for values that protobuf calls invalid too.
    public init(_ duration: GoogleProtobuf.Duration) {
        self = .seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
    }

    /// Rounded towards zero; both parts have the duration's sign.
    var secondsAndNanos: (Int64, Int32) {
        let (seconds, attoseconds) = components
        return (seconds, Int32(attoseconds / 1_000_000_000))
    }
}

/// A duration that `google.protobuf.Duration` can't hold.
public struct DurationRangeError: Error, Hashable, CustomStringConvertible {
    /// What has no place in the message.
    public let duration: Swift.Duration

    public var description: String {
        "\(duration) is more than google.protobuf.Duration holds: 315576000000 seconds either way"
    }
}
