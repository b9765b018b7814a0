#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Names and numbers as protoc spells them in descriptors.
package enum Names {
    /// `created_at` → `createdAt`: underscores go, the letter after one is capital.
    package static func json(of field: String) -> String {
        camelCase(field, startsCapital: false)
    }

    /// `display_names` → `DisplayNamesEntry`.
    static func mapEntry(of field: String) -> String {
        camelCase(field, startsCapital: true) + "Entry"
    }

    private static func camelCase(_ name: String, startsCapital: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(name.utf8.count)
        var capital = startsCapital
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                capital = true
            } else {
                result.append(capital ? byte.uppercased : byte)
                capital = false
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The last part of a name with dots.
    static func last(of fullName: String) -> String {
        guard let dot = fullName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return fullName }
        return String(fullName[fullName.utf8.index(after: dot)...])
    }

    /// What a name with dots is declared in; empty at the root.
    static func scope(of fullName: String) -> String {
        guard let dot = fullName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(fullName[..<dot])
    }

    /// Whether the name is one of a declaration with a dot in front, as descriptors write it.
    static func isFullName(_ name: String) -> Bool {
        guard name.utf8.first == UInt8(ascii: ".") else { return false }
        return name.dropFirst().utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            $0.first?.isLetter == true && $0.allSatisfy(\.isLetterOrDigit)
        }
    }

    static func join(_ scope: String, _ name: String) -> String {
        scope.isEmpty ? name : "\(scope).\(name)"
    }

    /// C's `%g` with 15 digits, or 17 where 15 lose bits.
    static func double(_ value: Double) -> String {
        if let special = special(value) { return special }
        let short = format("%.15g", value)
        return Double(short) == value ? short : format("%.17g", value)
    }

    /// C's `%g` with 6 digits, or 9 where 6 lose bits. protoc trusts 6 for no subnormal number.
    static func float(_ value: Float) -> String {
        if let special = special(Double(value)) { return special }
        let short = format("%.6g", Double(value))
        return Float(short) == value && !value.isSubnormal ? short : format("%.9g", Double(value))
    }

    private static func special(_ value: Double) -> String? {
        value.isNaN ? "nan" : value == .infinity ? "inf" : value == -.infinity ? "-inf" : nil
    }

    private static func format(_ form: String, _ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
            let count = withVaList([value]) { vsnprintf(buffer.baseAddress, buffer.count, form, $0) }
            return String(decoding: buffer.prefix(Int(count)).lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
