/// The `grpc-timeout` of a request, where it has one: up to 8 digits and a unit.
struct GRPCTimeout: Hashable {
    /// At most `Int64.max`, 292 years. Zero or less: the time is up.
    let nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Nil where the text is no timeout.
    init?(_ text: some BidirectionalCollection<UInt8>) {
        guard let unit = text.last, let length = Self.nanoseconds(of: unit) else { return nil }
        let digits = text.dropLast()
        guard (1...8).contains(digits.count) else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        let (product, isOver) = value.multipliedReportingOverflow(by: length)
        nanoseconds = isOver ? .max : product
    }

    /// Adds the text to `bytes`: in the finest unit in which it has at most 8 digits, rounded up.
    func write(to bytes: inout [UInt8]) {
        let rest = max(0, nanoseconds)
        for (unit, length) in Self.units {
            let value = rest / length + (rest % length > 0 ? 1 : 0)
            guard value <= Self.greatestValue else { continue }
            Self.write(value, to: &bytes)
            bytes.append(unit)
            return
        }
    }

    private static func write(_ value: Int64, to bytes: inout [UInt8]) {
        if value >= 10 { write(value / 10, to: &bytes) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    private static let greatestValue = 99_999_999

    /// The finest first.
    private static let units: [(unit: UInt8, nanoseconds: Int64)] = [
        (UInt8(ascii: "n"), 1),
        (UInt8(ascii: "u"), 1000),
        (UInt8(ascii: "m"), 1_000_000),
        (UInt8(ascii: "S"), 1_000_000_000),
        (UInt8(ascii: "M"), 60_000_000_000),
        // `Int64.max` nanoseconds are 2,562,048 of these.
        (UInt8(ascii: "H"), 3_600_000_000_000),
    ]

    private static func nanoseconds(of unit: UInt8) -> Int64? { units.first { $0.unit == unit }?.nanoseconds }
}
