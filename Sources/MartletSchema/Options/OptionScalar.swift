internal import MartletDescriptors
internal import MartletMessages

/// The value of an option, or of a field in the text of a message, that isn't a message itself.
enum OptionScalar {
    case identifier(String)
    case integer(UInt64)
    /// Below zero.
    case negative(Int64)
    case double(Double)
    case string([UInt8])

    /// nil when the value is a message.
    init?(_ option: GoogleProtobuf.UninterpretedOption) {
        if let value = option.identifierValue {
            self = .identifier(value)
        } else if let value = option.positiveIntValue {
            self = .integer(value)
        } else if let value = option.negativeIntValue {
            self = .negative(value)
        } else if let value = option.doubleValue {
            self = .double(value)
        } else if let value = option.stringValue {
            self = .string(value)
        } else {
            return nil
        }
    }

    /// Where the value stands: inside of braces, in text format, more forms of it are allowed.
    enum Form {
        case option
        case text
    }

    private func integer<Value: FixedWidthInteger>(_: Value.Type) throws(OptionProblem) -> Value {
        switch self {
        case .integer(let value): if let value = Value(exactly: value) { return value }
        case .negative(let value): if let value = Value(exactly: value) { return value }
        default: break
        }
        throw OptionProblem("takes a whole number from \(Value.min) to \(Value.max)")
    }

    private var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .negative(let value): Double(value)
        case .double(let value): value
        case .identifier("inf"): .infinity
        case .identifier("nan"): .nan
        default: nil
        }
    }

    private func float() throws(OptionProblem) -> Double {
        guard let number else { throw OptionProblem("takes a number") }
        return number
    }

    private func bool(_ form: Form) throws(OptionProblem) -> Bool {
        switch (self, form) {
        case (.identifier("true"), _), (.identifier("True"), .text), (.identifier("t"), .text), (.integer(1), .text):
            return true
        case (.identifier("false"), _), (.identifier("False"), .text), (.identifier("f"), .text), (.integer(0), .text):
            return false
        default:
            throw OptionProblem("takes `true` or `false`")
        }
    }

    private func text(isUTF8: Bool) throws(OptionProblem) -> [UInt8] {
        guard case .string(let value) = self else { throw OptionProblem("takes a string in quotes") }
        if isUTF8, String(validating: value, as: UTF8.self) == nil { throw OptionProblem("takes UTF-8") }
        return value
    }

    private func number(
        in enumeration: GoogleProtobuf.EnumDescriptorProto, isOpen: Bool, _ form: Form
    ) throws(OptionProblem) -> Int32 {
        switch self {
        case .identifier(let name):
            if let value = enumeration.value.first(where: { $0.name == name }) { return value.number ?? 0 }
        case .integer where form == .text, .negative where form == .text:
            let number = try integer(Int32.self)
            if isOpen || enumeration.value.contains(where: { $0.number == number }) { return number }
        default: break
        }
        let names = enumeration.value.compactMap(\.name)
        guard names.count > 5 else {
            throw OptionProblem("takes one of \(names.map { "`\($0)`" }.joined(separator: ", "))")
        }
        var remedy = ""
        if case .identifier(let name) = self { remedy = hint(Suggestion.closest(to: name, among: names)) }
        throw OptionProblem("takes a value of `\(enumeration.name ?? "")`, such as `\(names[0])`\(remedy)")
    }

    /// Appends the value without its tag.
    ///
    /// - Parameter enumeration: the field's type, where that is an enum.
    func write(
        to wire: inout WireBytes, as field: OptionField, _ form: Form,
        enumeration: (GoogleProtobuf.EnumDescriptorProto, isOpen: Bool)?
    ) throws(OptionProblem) {
        switch field.descriptor.type {
        case .int32: wire.varint(UInt64(bitPattern: Int64(try integer(Int32.self))))
        case .int64: wire.varint(UInt64(bitPattern: try integer(Int64.self)))
        case .uint32: wire.varint(UInt64(try integer(UInt32.self)))
        case .uint64: wire.varint(try integer(UInt64.self))
        case .sint32:
            let value = Int64(try integer(Int32.self))
            wire.varint(UInt64(bitPattern: value << 1 ^ value >> 63))
        case .sint64:
            let value = try integer(Int64.self)
            wire.varint(UInt64(bitPattern: value << 1 ^ value >> 63))
        case .fixed32: wire.fixed(try integer(UInt32.self))
        case .fixed64: wire.fixed(try integer(UInt64.self))
        case .sfixed32: wire.fixed(try integer(Int32.self))
        case .sfixed64: wire.fixed(try integer(Int64.self))
        case .float: wire.fixed(Float(try float()).bitPattern)
        case .double: wire.fixed(try float().bitPattern)
        case .bool: wire.varint(try bool(form) ? 1 : 0)
        case .string: wire.lengthDelimited(try text(isUTF8: field.needsUTF8))
        case .bytes: wire.lengthDelimited(try text(isUTF8: false))
        case .enum:
            guard let enumeration else { return }
            let number = try number(in: enumeration.0, isOpen: enumeration.isOpen, form)
            wire.varint(UInt64(bitPattern: Int64(number)))
        case .message, .group, nil:
            throw OptionProblem("takes a message in braces: `{ field: value }`")
        }
    }
}

/// Why an option can't be set. The message follows the option's name where it starts with a verb.
struct OptionProblem: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

extension GoogleProtobuf.FieldDescriptorProto {
    var wireType: WireBytes.WireType {
        switch type {
        case .fixed32, .sfixed32, .float: .fixed32
        case .fixed64, .sfixed64, .double: .fixed64
        case .string, .bytes, .message: .lengthDelimited
        case .group: .startGroup
        default: .varint
        }
    }
}
