package import MartletDescriptors
internal import MartletMessages

extension FileLinker {
    private typealias Number = FieldNumber.Field
    typealias Field = GoogleProtobuf.FieldDescriptorProto

    mutating func linkField(_ field: inout Field, in scope: String) {
        let name = field.name ?? ""
        if field.jsonName == nil {
            field.jsonName = Names.json(of: name)
        } else if field.extendee != nil, field.hasWrittenJSONName {
            error(at: Number.jsonName, message: "an extension has no JSON name; remove `json_name`")
        }
        if field.jsonName!.utf8.contains(0) {
            error(at: Number.jsonName, message: "a JSON name can't hold the character U+0000")
        }
        resolveType(of: &field, in: scope)
        checkLabel(of: field)
        checkDefault(of: field)
    }

    mutating func linkExtension(_ field: inout Field, in scope: String) {
        linkField(&field, in: scope)
        let (name, number) = (field.name ?? "", field.number ?? 0)
        if field.label == .required {
            error(at: Number.label, message: "an extension can't be `required`; write `optional`")
        }
        guard
            let (extendee, symbol) = resolveType(field.extendee ?? "", in: scope, at: Number.extendee, typesOnly: false)
        else { return }
        guard symbol.kind == .message else {
            return error(at: Number.extendee, message: "`\(extendee)` is an enum; only messages can be extended")
        }
        field.extendee = "." + extendee
        if isProto3, !optionsMessageNames.contains(extendee) {
            error(
                at: Number.extendee,
                message: "proto3 extends only the options of google/protobuf/descriptor.proto, not `\(extendee)`")
        }
        let extended = message(symbol)
        if let problem = NumberRules.problem(with: number, isInMessageSet: extended.isMessageSet) {
            return error(at: Number.number, message: problem)
        }
        let ranges = extended.extensionRange
        if !ranges.contains(where: { $0.contains(number) }) {
            let allowed = ranges.map { "\($0.start ?? 0) to \(($0.end ?? 0) - 1)" }.joined(separator: " and ")
            error(
                at: Number.number,
                message: ranges.isEmpty
                    ? "`\(extendee)` has no extension ranges, so it can't be extended"
                    : "\(number) is none of the extension numbers of `\(extendee)`, which are \(allowed)")
        } else if let other = symbols.declareExtension(Names.join(scope, name), number: number, of: extendee) {
            let problem = "`\(other)` already extends `\(extendee)` with number \(number)"
            if symbols[other]?.file == index {
                error(at: Number.number, message: problem)
            } else {
                // Files that never meet in one program may do so, and many do.
                problems.warning(at: locations.position(of: path + [Number.number]), problem)
            }
        }
    }

    // MARK: Types

    private mutating func resolveType(of field: inout Field, in scope: String) {
        guard let written = field.typeName else { return }
        guard let (fullName, symbol) = resolveType(written, in: scope, at: Number.typeName) else { return }
        field.typeName = "." + fullName
        if symbol.kind == .enumeration {
            if field.type == .group { return }
            field.type = .enum
            return
        }
        if field.type == nil { field.type = .message }
        let entry = message(symbol)
        guard entry.options?.mapEntry == true else { return }
        let isOwn = symbol.file == index && symbol.path.dropLast(2) == path.dropLast(2)
        if !isOwn || entry.name != Names.mapEntry(of: field.name ?? "") {
            error(at: Number.typeName, message: "`\(fullName)` belongs to a map; write `map<K, V>` instead")
        }
    }

    /// The rules of key and value, linked, of the map that is the field at this index of the message at hand.
    mutating func checkMap(_ field: Int, entry: GoogleProtobuf.DescriptorProto) {
        let (key, value) = (entry.field[0], entry.field[1])
        switch key.type {
        case .float, .double, .bytes, .group, .message, .enum, nil:
            error(
                at: FieldNumber.Message.field, Int32(field), Number.typeName,
                message: "the key of a map is an integer, `bool` or `string`, not "
                    + "`\(key.typeName.map { String($0.dropFirst()) } ?? key.type?.name ?? "")`")
        default: break
        }
        if value.type == .group {
            error(
                at: FieldNumber.Message.field, Int32(field), Number.typeName,
                message: "the value of a map can't be a group; declare a message")
        } else if value.type == .enum, let name = value.typeName?.dropFirst(), let symbol = symbols[String(name)],
            enumeration(symbol).value.first?.number != 0
        {
            error(
                at: FieldNumber.Message.field, Int32(field), Number.typeName,
                message: "the values of a map start as 0, but the first value of `\(name)` is not 0")
        }
    }

    // MARK: Rules

    private mutating func checkLabel(of field: Field) {
        guard isProto3 else { return }
        if field.label == .required {
            error(at: Number.label, message: "proto3 has no `required`; remove it")
        }
        if field.type == .group {
            error(at: Number.type, message: "proto3 has no groups; declare a message and use it as the type")
        }
    }

    private mutating func checkDefault(of field: Field) {
        guard let value = field.defaultValue else { return }
        if isProto3 {
            error(at: Number.defaultValue, message: "proto3 has no explicit defaults; remove it")
        } else if field.label == .repeated {
            error(at: Number.defaultValue, message: "a repeated field has no default; remove it")
        } else if field.type == .message {
            error(at: Number.defaultValue, message: "a message has no default; remove it")
        } else if field.type == .enum, let typeName = field.typeName, let symbol = symbols[String(typeName.dropFirst())]
        {
            let values = enumeration(symbol).value.compactMap(\.name)
            if !values.contains(value) {
                error(
                    at: Number.defaultValue,
                    message: "enum `\(typeName.dropFirst())` has no value `\(value)`"
                        + hint(Suggestion.closest(to: value, among: values)))
            }
        }
    }

}

extension GoogleProtobuf.FieldDescriptorProto {
    var isPackable: Bool {
        switch type {
        case .string, .bytes, .message, .group, nil: false
        default: label == .repeated
        }
    }

    var is64Bit: Bool {
        switch type {
        case .int64, .uint64, .sint64, .fixed64, .sfixed64: true
        default: false
        }
    }
}

extension GoogleProtobuf.FieldDescriptorProto.TypeEnum {
    /// As in `.proto` text; nil for messages and enums, which have names of their own.
    package var name: String? { Parser.scalarTypes.first { $0.value == self }?.key }
}
