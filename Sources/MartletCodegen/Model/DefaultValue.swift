/// The explicit default of a field that is neither an enum nor a message, as Swift spells it.
///
/// Descriptors hold it as text: numbers as C++ prints them, strings as they are, bytes with C's escapes.
struct DefaultValue {
    let text: String

    func literal(_ scalar: Scalar) -> String {
        switch scalar {
        case .string: Self.quoted(text)
        case .bytes: Self.bytes(Self.unescaped(text))
        case .bool: text
        case .float: Float(text).map { Self.floating($0, text, scalar) } ?? text
        case .double: Double(text).map { Self.floating($0, text, scalar) } ?? text
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64:
            Style.grouped(text)
        }
    }

    /// `-0` would be an integer, and a number that has less than full precision a warning.
    private static func floating<Number: BinaryFloatingPoint>(
        _ value: Number, _ text: String, _ scalar: Scalar
    ) -> String {
        if value.isNaN { return "\(scalar.swiftType).nan" }
        if value.isInfinite { return value < 0 ? "-\(scalar.swiftType).infinity" : "\(scalar.swiftType).infinity" }
        if value.isSubnormal {
            return "\(value < 0 ? "-" : "")\(scalar.swiftType).leastNonzeroMagnitude * \(ulps(value))"
        }
        return text.contains { ".eE".contains($0) } ? text : "\(text).0"
    }

    /// A subnormal number as a multiple of the least one.
    private static func ulps<Number: BinaryFloatingPoint>(_ value: Number) -> String {
        "\(UInt64(value.magnitude / Number.leastNonzeroMagnitude)).0"
    }

    private static func quoted(_ text: String) -> String { "\"\(Style.escaped(text))\"" }

    private static func bytes(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "[]" }
        if let text = String(validating: bytes, as: UTF8.self) { return "Swift.Array(\(quoted(text)).utf8)" }
        return "[\(bytes.map { "0x\($0 < 16 ? "0" : "")\(String($0, radix: 16))" }.joined(separator: ", "))]"
    }

    /// The bytes that C's escapes stand for.
    static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let mark = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch mark {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                let digits = [mark] + rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "7") ~= $0 }.prefix(2)
                rest = rest.dropFirst(digits.count - 1)
                bytes.append(digits.reduce(0) { $0 &* 8 &+ ($1 - UInt8(ascii: "0")) })
            case UInt8(ascii: "x"):
                let digits = rest.prefix { Character(UnicodeScalar($0)).isHexDigit }.prefix(2)
                rest = rest.dropFirst(digits.count)
                bytes.append(UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0)
            default: bytes.append(mark)
            }
        }
        return bytes
    }
}
