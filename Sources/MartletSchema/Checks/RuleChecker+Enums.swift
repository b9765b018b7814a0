internal import MartletDescriptors
internal import MartletMessages

extension RuleChecker {
    private typealias Number = FieldNumber.Enum

    mutating func check(_ enumeration: GoogleProtobuf.EnumDescriptorProto) {
        enter(enumeration.options?.features, at: Number.options, FieldNumber.EnumOption.features)
        if features.enumType == .open, let first = enumeration.value.first, first.number != 0 {
            error(
                at: Number.value, 0, FieldNumber.EnumValue.number,
                message: "the first value of \(rules == .proto3 ? "a proto3" : "an open") enum is 0; put one such as "
                    + "`\(Self.constantName(enumeration.name ?? ""))_UNSPECIFIED = 0;` first")
        }
        checkAliases(of: enumeration)
        checkReserved(of: enumeration)
        var seen: Set<String> = []
        for (i, name) in enumeration.reservedName.enumerated() where !seen.insert(name).inserted {
            error(at: Number.reservedName, Int32(i), message: "`\(name)` is reserved twice; remove one")
        }
        if enumeration.options?.deprecatedLegacyJsonFieldConflicts != true { checkShortNames(of: enumeration) }
    }

    private mutating func checkAliases(of enumeration: GoogleProtobuf.EnumDescriptorProto) {
        let allowsAliases = enumeration.options?.allowAlias == true
        var owners: [Int32: String] = [:]
        var hasAlias = false
        for (i, value) in enumeration.value.enumerated() {
            let number = value.number ?? 0
            guard let owner = owners[number] else {
                owners[number] = value.name ?? ""
                continue
            }
            hasAlias = true
            guard !allowsAliases else { continue }
            let next = (enumeration.value.compactMap(\.number).max() ?? 0).addingReportingOverflow(1)
            error(
                at: Number.value, Int32(i), FieldNumber.EnumValue.number,
                message: "the number \(number) is already `\(owner)`; "
                    + (next.overflow ? "" : "the next free one is \(next.partialValue), or ")
                    + "write `option allow_alias = true;` for a second name")
        }
        if allowsAliases, !hasAlias {
            error(
                at: Number.options, FieldNumber.EnumOption.allowAlias,
                message: "no two values of `\(enumeration.name ?? "")` share a number; remove `allow_alias`")
        } else if enumeration.options?.allowAlias == false {
            error(
                at: Number.options, FieldNumber.EnumOption.allowAlias,
                message: "`allow_alias = false` is what holds anyway; remove it")
        }
    }

    private mutating func checkReserved(of enumeration: GoogleProtobuf.EnumDescriptorProto) {
        let ranges = enumeration.reservedRange.map { ($0.start ?? 0, $0.end ?? 0) }
        for (i, range) in ranges.enumerated() {
            if range.1 < range.0 {
                error(
                    at: Number.reservedRange, Int32(i),
                    message: "the range ends before it starts; write the smaller first")
            }
        }
        let reserved = NumberRanges(ranges.map { .init(from: $0.0, through: $0.1) })
        for overlap in reserved.overlaps {
            let other = ranges[overlap.other]
            error(
                at: Number.reservedRange, Int32(overlap.index),
                message: "the range overlaps the range \(other.0) to \(other.1)")
        }
        let names = Set(enumeration.reservedName)
        for (i, value) in enumeration.value.enumerated() {
            let (name, number) = (value.name ?? "", value.number ?? 0)
            if reserved.contains(number) {
                error(
                    at: Number.value, Int32(i), FieldNumber.EnumValue.number,
                    message: "the number \(number) is reserved; choose another")
            }
            if names.contains(name) {
                error(
                    at: Number.value, Int32(i), FieldNumber.EnumValue.name,
                    message: "the name `\(name)` is reserved; choose another")
            }
        }
    }

    /// Generators drop the enum's name from its values and write them as `UpperCamelCase`; the results have to differ.
    /// Old proto2 files are let off with a warning.
    private mutating func checkShortNames(of enumeration: GoogleProtobuf.EnumDescriptorProto) {
        let prefix = (enumeration.name ?? "").utf8.filter { $0 != UInt8(ascii: "_") }.map(\.lowercased)
        var owners: [[UInt8]: GoogleProtobuf.EnumValueDescriptorProto] = [:]
        for (i, value) in enumeration.value.enumerated() {
            let short = Self.shortName(of: value.name ?? "", without: prefix)
            if let owner = owners[short], owner.name != value.name, owner.number != value.number {
                let problem =
                    "`\(value.name ?? "")` and `\(owner.name ?? "")` are the same name without the enum's name and "
                    + "capitals; rename one"
                if rules == .proto2 {
                    warning(at: Number.value, Int32(i), FieldNumber.EnumValue.name, message: problem)
                } else {
                    error(at: Number.value, Int32(i), FieldNumber.EnumValue.name, message: problem)
                }
            }
            if owners[short] == nil { owners[short] = value }
        }
    }

    /// `FOO_BAR_BAZ` → `BarBaz` in an enum `Foo`.
    private static func shortName(of name: String, without prefix: [UInt8]) -> [UInt8] {
        let underscore = UInt8(ascii: "_")
        var rest = Substring(name).utf8
        for letter in prefix {
            rest = rest.drop { $0 == underscore }
            guard rest.first?.lowercased == letter else { break }
            rest.removeFirst()
        }
        let matched = name.utf8.filter { $0 != underscore }.prefix(prefix.count).map(\.lowercased) == prefix
        rest = rest.drop { $0 == underscore }
        var startsWord = true
        var result: [UInt8] = []
        for byte in matched && !rest.isEmpty ? rest : Substring(name).utf8 {
            if byte != underscore { result.append(startsWord ? byte.uppercased : byte.lowercased) }
            startsWord = byte == underscore
        }
        return result
    }

    /// `OrderState` → `ORDER_STATE`.
    private static func constantName(_ name: String) -> String {
        var result: [UInt8] = []
        var previous = UInt8(ascii: "A")
        for byte in name.utf8 {
            if byte.isUppercase, !previous.isUppercase, previous != UInt8(ascii: "_") {
                result.append(UInt8(ascii: "_"))
            }
            result.append(byte.uppercased)
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}
