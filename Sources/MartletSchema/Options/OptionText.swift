internal import MartletDescriptors
internal import MartletMessages

/// Reads the text between the braces of an option's value, in protobuf's text format, into binary form.
struct OptionText {
    /// Deeper nesting is refused, so that text can't exhaust the stack.
    static let nestingLimit = 100

    private let types: OptionTypes
    private let scope: String
    private let use: OptionUse
    private let text: TokenizedText
    private var index = 0

    /// - Parameter scope: where the names of extensions are looked up.
    static func serialize(
        _ text: String, as type: OptionMessageType, types: OptionTypes, scope: String, use: OptionUse
    ) throws(OptionProblem) -> [UInt8] {
        var problems = Problems(file: "")
        let tokens = Lexer.tokenize(Array(text.utf8), problems: &problems)
        if let problem = problems.diagnostics.first { throw OptionProblem(problem.message) }
        var reader = OptionText(types: types, scope: scope, use: use, text: tokens)
        return try reader.message(type, until: nil, depth: 1)
    }

    private init(types: OptionTypes, scope: String, use: OptionUse, text: TokenizedText) {
        self.types = types
        self.scope = scope
        self.use = use
        self.text = text
    }

    // MARK: Messages

    private struct Entry {
        let number: Int32
        let bytes: [UInt8]
    }

    /// Reads fields up to `end` or, where that is nil, to the end of the text. They are written in the order of their
    /// numbers.
    private mutating func message(
        _ type: OptionMessageType, until end: StaticString?, depth: Int
    ) throws(OptionProblem) -> [UInt8] {
        guard depth <= Self.nestingLimit else {
            throw OptionProblem("nests messages deeper than \(Self.nestingLimit) levels")
        }
        var entries: [Entry] = []
        var packed: [Int32: WireBytes] = [:]
        var seen: Set<Int32> = []
        var oneofs: Set<Int32> = []
        while true {
            if let end, take(end) { break }
            guard current.kind != .end else {
                if end == nil { break }
                throw OptionProblem("misses `\(end!)`")
            }
            if at("["), text.tokens[index...].prefix(while: { !text.token($0, is: "]") }).contains(where: isSlash) {
                entries += try anyMessage(type, depth: depth)
                continue
            }
            let field = try fieldName(type)
            if let problem = use.problem(with: field.descriptor) {
                throw OptionProblem("has a field that is not allowed: \(problem.message)")
            }
            let number = field.number
            if !field.isRepeated, !seen.insert(number).inserted {
                throw OptionProblem("sets `\(field.name)` twice")
            }
            if let oneof = field.descriptor.oneofIndex, !oneofs.insert(oneof).inserted {
                throw OptionProblem(
                    "sets two fields of the oneof `\(type.descriptor.oneofDecl[Int(oneof)].name ?? "")`")
            }
            for value in try values(of: field, depth: depth) {
                if field.isPacked {
                    packed[number, default: WireBytes()].raw(value)
                } else if !field.isImplicit || value.contains(where: { $0 != 0 }) {
                    entries.append(Entry(number: number, bytes: field.tagged(value)))
                }
            }
            if !take(",") { _ = take(";") }
        }
        for (number, values) in packed {
            var wire = WireBytes()
            wire.tag(number, .lengthDelimited)
            wire.lengthDelimited(values.bytes)
            entries.append(Entry(number: number, bytes: wire.bytes))
        }
        if let missing = type.requiredField(outside: seen) {
            throw OptionProblem("misses the required field `\(missing)` of `\(type.fullName)`")
        }
        let sorted = entries.enumerated().sorted { ($0.element.number, $0.offset) < ($1.element.number, $1.offset) }
        return sorted.flatMap(\.element.bytes)
    }

    // MARK: Names

    private mutating func fieldName(_ type: OptionMessageType) throws(OptionProblem) -> OptionField {
        if take("[") {
            let name = try dottedName()
            guard take("]") else { throw OptionProblem("misses `]` after `[\(name)`") }
            return try types.extensionField(name, in: scope, of: type.fullName).field
        }
        guard current.kind == .identifier else { throw unexpected("the name of a field") }
        let name = text.text(of: current)
        index += 1
        if let field = type.field(name) { return field }
        let remedy = hint(Suggestion.closest(to: name, among: type.descriptor.field.compactMap(\.name)))
        throw OptionProblem("sets `\(name)`, but `\(type.fullName)` has no such field\(remedy)")
    }

    private mutating func dottedName() throws(OptionProblem) -> String {
        var name = ""
        repeat {
            guard current.kind == .identifier else { throw unexpected("a name") }
            name += (name.isEmpty ? "" : ".") + text.text(of: current)
            index += 1
        } while take(".")
        return name
    }

    private func isSlash(_ token: Token) -> Bool {
        text.token(token, is: "/")
    }

    // MARK: Values

    /// One value, or those of a list in brackets, each without its tag.
    private mutating func values(of field: OptionField, depth: Int) throws(OptionProblem) -> [[UInt8]] {
        guard take(":") || field.isMessage else { throw OptionProblem("misses `:` after `\(field.name)`") }
        guard at("["), field.isRepeated else { return [try value(of: field, depth: depth)] }
        index += 1
        var result: [[UInt8]] = []
        if take("]") { return result }
        repeat {
            result.append(try value(of: field, depth: depth))
        } while take(",")
        guard take("]") else { throw unexpected("`,` or `]`") }
        return result
    }

    private mutating func value(of field: OptionField, depth: Int) throws(OptionProblem) -> [UInt8] {
        if let type = types.message(of: field) {
            return try bracedMessage(type, depth: depth)
        }
        var wire = WireBytes()
        let scalar = try scalar()
        do throws(OptionProblem) {
            try scalar.write(to: &wire, as: field, .text, enumeration: types.enumeration(of: field))
        } catch {
            throw OptionProblem("has the field `\(field.name)`, which \(error.message)")
        }
        return wire.bytes
    }

    private mutating func bracedMessage(
        _ type: OptionMessageType, depth: Int
    ) throws(OptionProblem) -> [UInt8] {
        if take("{") { return try message(type, until: "}", depth: depth + 1) }
        if take("<") { return try message(type, until: ">", depth: depth + 1) }
        throw unexpected("`{`")
    }

    private mutating func scalar() throws(OptionProblem) -> OptionScalar {
        let isNegative = take("-")
        let token = current
        let written = text.text(of: token)
        let result: OptionScalar
        switch token.kind {
        case .identifier where isNegative && written == "inf":
            result = .double(-.infinity)
        case .identifier where !isNegative || written == "nan":
            result = .identifier(written)
        case .integer:
            let value = Literals.integer(text.bytes[token.start..<token.end])
            if let value, !isNegative || value <= 1 << 63 {
                result = isNegative && value > 0 ? .negative(Int64(truncatingIfNeeded: 0 &- value)) : .integer(value)
            } else {
                let double = Double(written) ?? .infinity
                result = .double(isNegative ? -double : double)
            }
        case .float:
            let value = Double(written) ?? 0
            result = .double(isNegative ? -value : value)
        case .string where !isNegative:
            return .string(string())
        default:
            throw unexpected("a value")
        }
        index += 1
        return result
    }

    /// Adjacent literals are one string; the parser has reported wrong escapes.
    private mutating func string() -> [UInt8] {
        var bytes: [UInt8] = []
        while current.kind == .string {
            Literals.appendString(text.bytes[current.start..<current.end], to: &bytes) { _, _ in }
            index += 1
        }
        return bytes
    }

    /// `[type.googleapis.com/full.Name] { … }`, the readable form of a google.protobuf.Any.
    private mutating func anyMessage(_ type: OptionMessageType, depth: Int) throws(OptionProblem) -> [Entry] {
        index += 1
        let prefix = try dottedName()
        guard type.fullName == "google.protobuf.Any", take("/") else {
            throw OptionProblem("has `[\(prefix)/…]`, which is for google.protobuf.Any only")
        }
        let name = try dottedName()
        let isKnown = prefix == "type.googleapis.com" || prefix == "type.googleprod.com"
        guard take("]"), isKnown, let content = types.message(name) else {
            throw OptionProblem(
                "has the type `\(prefix)/\(name)` in an Any, which is none; write `type.googleapis.com/` and the full name of a "
                    + "message")
        }
        _ = take(":")
        let bytes = try bracedMessage(content, depth: depth)
        var url = WireBytes()
        url.tag(1, .lengthDelimited)
        url.lengthDelimited(Array("\(prefix)/\(name)".utf8))
        var value = WireBytes()
        value.tag(2, .lengthDelimited)
        value.lengthDelimited(bytes)
        return [Entry(number: 1, bytes: url.bytes), Entry(number: 2, bytes: value.bytes)]
    }

    // MARK: Tokens

    private var current: Token { text.tokens[min(index, text.tokens.count - 1)] }

    private func at(_ symbol: StaticString) -> Bool {
        text.token(current, is: symbol)
    }

    private mutating func take(_ symbol: StaticString) -> Bool {
        guard at(symbol) else { return false }
        index += 1
        return true
    }

    private func unexpected(_ what: String) -> OptionProblem {
        let found = current.kind == .end ? "the end" : "`\(text.text(of: current).prefix(40))`"
        return OptionProblem("has \(found) where \(what) is expected")
    }
}
