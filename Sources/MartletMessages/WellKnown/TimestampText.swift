/// RFC 3339 as protobuf writes and reads it (https://protobuf.dev/programming-guides/json/).
enum TimestampText {
    /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    private static let secondsADay: Int64 = 86400

    /// In UTC, with 0, 3, 6 or 9 digits after the point. Nil where the time is out of range.
    static func text(seconds: Int64, nanos: Int32) -> String? {
        guard Self.seconds ~= seconds, 0...999_999_999 ~= nanos else { return nil }
        var days = seconds / secondsADay
        var time = seconds % secondsADay
        if time < 0 {
            days -= 1
            time += secondsADay
        }
        let date = CivilDate(daysSinceEpoch: Int(days))
        var out = ByteOutput(capacity: 32)
        out.append(UInt64(date.year), digits: 4)
        out.append(UInt8(ascii: "-"))
        out.append(UInt64(date.month), digits: 2)
        out.append(UInt8(ascii: "-"))
        out.append(UInt64(date.day), digits: 2)
        out.append(UInt8(ascii: "T"))
        out.append(UInt64(time / 3600), digits: 2)
        out.append(UInt8(ascii: ":"))
        out.append(UInt64(time / 60 % 60), digits: 2)
        out.append(UInt8(ascii: ":"))
        out.append(UInt64(time % 60), digits: 2)
        out.append(fraction: UInt64(nanos))
        out.append(UInt8(ascii: "Z"))
        return out.string
    }

    /// Takes any offset from UTC and up to nine digits after the point. Nil where the text isn't of that form or
    /// the time is out of range.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (seconds: Int64, nanos: Int32)? {
        var text = TextCursor(text)
        guard let year = text.number(digits: 4), text.take("-"), let month = text.number(digits: 2), text.take("-"),
            let day = text.number(digits: 2), text.take("T"), let hour = text.number(digits: 2), text.take(":"),
            let minute = text.number(digits: 2), text.take(":"), let second = text.number(digits: 2),
            let nanos = text.fraction(), let offset = text.utcOffset(), text.isAtEnd
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
        let time = Int64(date.daysSinceEpoch) * secondsADay + Int64(hour * 3600 + minute * 60 + second - offset)
        return seconds ~= time ? (time, Int32(nanos)) : nil
    }
}

/// Seconds with up to nine digits after the point and an `s`.
enum DurationText {
    /// About 10,000 years either way.
    static let seconds: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

    /// Nil where the duration is out of range or its parts differ in sign.
    static func text(seconds: Int64, nanos: Int32) -> String? {
        guard isValid(seconds: seconds, nanos: nanos) else { return nil }
        var out = ByteOutput(capacity: 32)
        if seconds < 0 || nanos < 0 { out.append(UInt8(ascii: "-")) }
        out.append(seconds.magnitude)
        out.append(fraction: UInt64(nanos.magnitude))
        out.append(UInt8(ascii: "s"))
        return out.string
    }

    static func isValid(seconds: Int64, nanos: Int32) -> Bool {
        Self.seconds ~= seconds && -999_999_999...999_999_999 ~= nanos
            && (seconds >= 0 && nanos >= 0 || seconds <= 0 && nanos <= 0)
    }

    /// Nil where the text isn't of that form or the duration is out of range.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (seconds: Int64, nanos: Int32)? {
        var text = TextCursor(text)
        let sign: Int64 = text.take("-") ? -1 : 1
        guard let whole = text.number(digits: 1...12), let nanos = text.fraction(), text.take("s"), text.isAtEnd
        else { return nil }
        let (seconds, signedNanos) = (sign * Int64(whole), Int32(sign) * Int32(nanos))
        return isValid(seconds: seconds, nanos: signedNanos) ? (seconds, signedNanos) : nil
    }
}

extension ByteOutput {
    /// A point and 3, 6 or 9 digits; nothing for 0.
    fileprivate mutating func append(fraction nanos: UInt64) {
        if nanos == 0 { return }
        append(UInt8(ascii: "."))
        if nanos % 1_000_000 == 0 {
            append(nanos / 1_000_000, digits: 3)
        } else if nanos % 1000 == 0 {
            append(nanos / 1000, digits: 6)
        } else {
            append(nanos, digits: 9)
        }
    }
}

/// Reads short fixed forms from the front of a text.
private struct TextCursor {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ text: UnsafeBufferPointer<UInt8>) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? { number(digits: digits...digits) }

    mutating func number(digits allowed: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(allowed.upperBound).prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard digits.count >= allowed.lowerBound else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Nanoseconds after a point; 0 where there is no point.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        let before = rest.count
        guard var nanos = number(digits: 1...9) else { return nil }
        for _ in (before - rest.count)..<9 { nanos *= 10 }
        return nanos
    }

    /// `Z`, or hours and minutes with a sign, in seconds.
    mutating func utcOffset() -> Int? {
        if take("Z") { return 0 }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), take(":"), let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
