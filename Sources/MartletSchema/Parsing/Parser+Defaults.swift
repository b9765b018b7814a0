internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    /// `default = VALUE` of a proto2 field, kept as protoc writes it into `default_value`.
    mutating func parseDefault(_ field: inout Field, _ location: Int) throws(UnreadableStatement) {
        if field.defaultValue != nil {
            problems.error(at: current.position, "`default` is already set for this field")
        }
        advance()
        try expect("=")
        let valueLocation = open(location, FieldNumber.Field.defaultValue)
        defer { close(valueLocation) }
        let position = current.position
        switch field.type {
        case .int32, .sint32, .sfixed32:
            field.defaultValue = try takeSignedDefault(limit: UInt64(Int32.max))
        case .int64, .sint64, .sfixed64:
            field.defaultValue = try takeSignedDefault(limit: UInt64(Int64.max))
        case .uint32, .fixed32:
            field.defaultValue = String(try takeInteger("a whole number", limit: UInt64(UInt32.max)))
        case .uint64, .fixed64:
            field.defaultValue = String(try takeInteger("a whole number", limit: .max))
        case .float:
            field.defaultValue = Names.float(Float(try takeNumberDefault()))
        case .double:
            field.defaultValue = Names.double(try takeNumberDefault())
        case .bool:
            guard at("true") || at("false") else { throw expected("`true` or `false`") }
            field.defaultValue = currentText
            advance()
        case .string:
            field.defaultValue = try takeString("a string in quotes")
        case .bytes:
            field.defaultValue = Literals.escaped(try takeBytes("a string in quotes"))
        case nil where current.kind == .identifier:
            // An enum or a message: the linker knows which.
            field.defaultValue = currentText
            advance()
        case nil:
            throw expected("the name of an enum value")
        default:
            problems.error(at: position, "a message has no default; remove it")
            throw UnreadableStatement()
        }
    }

    private mutating func takeSignedDefault(limit: UInt64) throws(UnreadableStatement) -> String {
        let isNegative = take("-")
        let magnitude = try takeInteger("a whole number", limit: isNegative ? limit + 1 : limit)
        return isNegative && magnitude > 0 ? "-\(magnitude)" : "\(magnitude)"
    }

    private mutating func takeNumberDefault() throws(UnreadableStatement) -> Double {
        let isNegative = take("-")
        let value = try takeNumber("a number")
        return isNegative ? -value : value
    }

    /// A number, `inf` or `nan`.
    mutating func takeNumber(_ what: String) throws(UnreadableStatement) -> Double {
        let token = current
        switch token.kind {
        case .float:
            advance()
            return Double(text.text(of: token)) ?? 0
        case .integer:
            advance()
            if let value = Literals.integer(text.bytes[token.start..<token.end]) { return Double(value) }
            return Double(text.text(of: token)) ?? 0
        case .identifier where at("inf"):
            advance()
            return .infinity
        case .identifier where at("nan"):
            advance()
            return .nan
        default:
            throw expected(what)
        }
    }
}
