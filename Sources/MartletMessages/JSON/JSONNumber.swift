/// A number as JSON writes it, read without rounding: sign, digits and a power of ten.
struct JSONNumber {
    let text: UnsafeBufferPointer<UInt8>
    let isNegative: Bool
    /// The leading digits, as many as fit.
    let digits: UInt64
    /// The power of ten that `digits` are multiplied with.
    let exponent: Int
    /// Whether further digits, none of which matters to `exponent`, were not all 0.
    let isCut: Bool

    /// Beyond it every number is too large for any field, or too small.
    private static let largestExponent = 1_000_000

    /// Reads the number at the start of a text by JSON's grammar; nil where there is none.
    init?(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
        var place = start
        func byte() -> UInt8 { place < end ? place.pointee : 0 }
        var digits: UInt64 = 0
        var exponent = 0
        var isFull = false
        var isCut = false
        func takeDigits(scale: Int) -> Bool {
            let first = place
            while place < end, place.pointee.isDigit {
                let digit = UInt64(place.pointee - UInt8(ascii: "0"))
                let (product, isTooLarge) = digits.multipliedReportingOverflow(by: 10)
                let (sum, carries) = product.addingReportingOverflow(digit)
                if isFull || isTooLarge || carries {
                    isFull = true
                    isCut = isCut || digit != 0
                    exponent += scale + 1
                } else {
                    digits = sum
                    exponent += scale
                }
                place += 1
            }
            return place > first
        }

        isNegative = byte() == UInt8(ascii: "-")
        if isNegative { place += 1 }
        if byte() == UInt8(ascii: "0") {
            place += 1
        } else if !takeDigits(scale: 0) {
            return nil
        }
        if byte() == UInt8(ascii: ".") {
            place += 1
            if !takeDigits(scale: -1) { return nil }
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            place += 1
            let isDown = byte() == UInt8(ascii: "-")
            if isDown || byte() == UInt8(ascii: "+") { place += 1 }
            guard byte().isDigit else { return nil }
            var power = 0
            while byte().isDigit {
                power = min(power * 10 + Int(byte() - UInt8(ascii: "0")), Self.largestExponent)
                place += 1
            }
            exponent += isDown ? -power : power
        }
        // `01` is no number, and neither is `1x`.
        if byte().isDigit { return nil }
        text = UnsafeBufferPointer(start: start, count: place - start)
        self.digits = digits
        self.exponent = exponent
        self.isCut = isCut
    }

    /// Whether the number is a whole one.
    private var isWhole: Bool {
        if digits == 0 { return !isCut }
        if isCut { return exponent > 0 }
        var rest = digits
        var power = exponent
        while power < 0, rest % 10 == 0 {
            rest /= 10
            power += 1
        }
        return power >= 0
    }

    /// The size of a whole number, where 64 bits can hold it.
    private var magnitude: UInt64? {
        if digits == 0 { return 0 }
        if isCut { return nil }
        var value = digits
        var power = exponent
        while power < 0 {
            value /= 10
            power += 1
        }
        while power > 0 {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            if isTooLarge { return nil }
            value = product
            power -= 1
        }
        return value
    }

    /// Nil where the number isn't whole, or the type can't hold it.
    func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        guard isWhole, let magnitude else { return nil }
        if !isNegative { return Integer(exactly: magnitude) }
        if magnitude == 0 { return 0 }
        return magnitude <= 1 << 63 ? Integer(exactly: 0 &- Int64(bitPattern: magnitude)) : nil
    }

    /// The nearest double; infinite beyond the largest one.
    var double: Double {
        // Both operands are exact, so that one rounding makes the nearest number.
        if !isCut, digits < 1 << 53, -22...22 ~= exponent {
            let value = Double(digits)
            let size = exponent < 0 ? value / Self.powers[-exponent] : value * Self.powers[exponent]
            return isNegative ? -size : size
        }
        return Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }

    /// The nearest float; infinite beyond the largest one.
    var float: Float {
        if !isCut, digits < 1 << 24, -10...10 ~= exponent {
            let value = Float(digits)
            let size =
                exponent < 0 ? value / Float(Self.powers[-exponent]) : value * Float(Self.powers[exponent])
            return isNegative ? -size : size
        }
        return Float(String(decoding: text, as: UTF8.self)) ?? .nan
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
