internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    typealias Field = GoogleProtobuf.FieldDescriptorProto
    typealias FieldType = GoogleProtobuf.FieldDescriptorProto.TypeEnum

    static let scalarTypes: [String: FieldType] = [
        "double": .double, "float": .float, "int64": .int64, "uint64": .uint64, "int32": .int32, "fixed64": .fixed64,
        "fixed32": .fixed32, "bool": .bool, "string": .string, "group": .group, "bytes": .bytes, "uint32": .uint32,
        "sfixed32": .sfixed32, "sfixed64": .sfixed64, "sint32": .sint32, "sint64": .sint64,
    ]

    private enum WrittenType {
        case scalar(FieldType)
        case named(String)
    }

    mutating func parseField(
        _ field: inout Field, _ location: Int, groups: inout [GoogleProtobuf.DescriptorProto],
        groupParent: (Int, Int32)
    ) throws(UnreadableStatement) {
        let label: Field.Label? =
            at("optional") ? .optional : at("repeated") ? .repeated : at("required") ? .required : nil
        if let label {
            checkLabel(label)
            let labelLocation = open(location, FieldNumber.Field.label)
            advance()
            close(labelLocation)
            field.label = label
            if label == .optional, syntax == .proto3 { field.proto3Optional = true }
        }
        try parseFieldAfterLabel(&field, location, groups: &groups, groupParent: groupParent)
    }

    private mutating func checkLabel(_ label: Field.Label) {
        guard syntax == .editions else { return }
        if label == .optional {
            problems.error(
                at: current.position,
                "editions have no `optional`; remove it: a field knows whether it is set, unless "
                    + "`features.field_presence` is IMPLICIT")
        } else if label == .required {
            problems.error(
                at: current.position,
                "editions have no `required`; write `[features.field_presence = LEGACY_REQUIRED]` behind the number")
        }
    }

    mutating func parseFieldAfterLabel(
        _ field: inout Field, _ location: Int, groups: inout [GoogleProtobuf.DescriptorProto],
        groupParent: (Int, Int32)
    ) throws(UnreadableStatement) {
        let mapTypes = try parseFieldType(&field, location)

        let nameToken = current
        let nameLocation = open(location, FieldNumber.Field.name)
        field.name = try takeIdentifier("a field name after `\(text.text(of: previous))`")
        close(nameLocation)
        if !at("="), at(";") || at("[") {
            problems.error(
                at: previous.endPosition, "field `\(field.name!)` has no number; write `\(field.name!) = NUMBER`")
            throw UnreadableStatement()
        }
        try expect("=")
        let numberLocation = open(location, FieldNumber.Field.number)
        // An extension of a message set may have any number.
        let limit = field.extendee == nil ? Self.fieldNumberEnd - 1 : .max
        field.number = try takeInt32("a field number", limit: limit)
        close(numberLocation)
        try parseFieldOptions(&field, location)

        if field.type == .group {
            try parseGroup(&field, location, nameToken, groups: &groups, groupParent: groupParent)
        } else {
            try expectSemicolon(of: location)
        }
        if let mapTypes { addMapEntry(for: &field, key: mapTypes.key, value: mapTypes.value, to: &groups) }
    }

    // MARK: Types

    /// Sets the type, unless it is a map, whose types it returns.
    private mutating func parseFieldType(
        _ field: inout Field, _ location: Int
    ) throws(UnreadableStatement) -> (key: WrittenType, value: WrittenType)? {
        let typeLocation = open(path: locations[location].path)
        defer { close(typeLocation) }
        if at("map"), text.token(text.tokens[index + 1], is: "<") {
            let types = try parseMapTypes(field)
            field.label = .repeated
            field.proto3Optional = nil
            extendPath(of: typeLocation, by: FieldNumber.Field.typeName)
            return types
        }
        if field.label == nil {
            if syntax == .proto2 {
                problems.error(
                    at: current.position, "a proto2 field needs a label; write `optional`, `required` or `repeated`")
            }
            field.label = .optional
        }
        switch try parseType() {
        case .scalar(let type):
            field.type = type
            extendPath(of: typeLocation, by: FieldNumber.Field.type)
        case .named(let name):
            field.typeName = name
            extendPath(of: typeLocation, by: FieldNumber.Field.typeName)
        }
        return nil
    }

    private mutating func parseMapTypes(
        _ field: Field
    ) throws(UnreadableStatement) -> (key: WrittenType, value: WrittenType) {
        if field.oneofIndex != nil {
            problems.error(at: current.position, "a map can't be in a oneof; put it into a message of its own")
        } else if field.extendee != nil {
            problems.error(at: current.position, "a map can't be an extension; put it into a message of its own")
        } else if field.label != nil {
            problems.error(
                at: previous.position, "a map field has no label; remove `\(text.text(of: previous))`")
        }
        advance()
        try expect("<")
        let key = try parseType()
        try expect(",")
        let value = try parseType()
        try expect(">")
        return (key, value)
    }

    private mutating func parseType() throws(UnreadableStatement) -> WrittenType {
        if current.kind == .identifier, let scalar = Self.scalarTypes[currentText] {
            if scalar == .group, syntax == .editions {
                problems.error(
                    at: current.position,
                    "editions have no groups; declare a message and write "
                        + "`[features.message_encoding = DELIMITED]` behind the number")
            }
            advance()
            return .scalar(scalar)
        }
        return .named(try parseTypeName())
    }

    /// The name of a message or an enum.
    mutating func parseTypeName() throws(UnreadableStatement) -> String {
        if current.kind == .identifier, Self.scalarTypes[currentText] != nil {
            throw expected("the name of a message")
        }
        var name = take(".") ? "." : ""
        name += try takeIdentifier("a type")
        while take(".") { name += "." + (try takeIdentifier("a name after `.`")) }
        return name
    }

    private mutating func parseGroup(
        _ field: inout Field, _ location: Int, _ nameToken: Token, groups: inout [GoogleProtobuf.DescriptorProto],
        groupParent: (Int, Int32)
    ) throws(UnreadableStatement) {
        let groupLocation = open(groupParent.0, groupParent.1, groups.count)
        locations[groupLocation].span = Array(locations[location].span.prefix(2))
        defer { close(groupLocation) }
        mark(groupLocation, FieldNumber.Message.name, from: nameToken, to: nameToken)
        mark(location, FieldNumber.Field.typeName, from: nameToken, to: nameToken)
        let name = field.name ?? ""
        if !text.bytes[nameToken.start].isUppercase {
            problems.error(at: nameToken.position, "the name of a group starts with a capital letter")
        }
        var group = GoogleProtobuf.DescriptorProto(name: name)
        field.name = String(decoding: name.utf8.map(\.lowercased), as: UTF8.self)
        field.typeName = name
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else {
            problems.error(
                at: nameToken.position, "groups nest deeper than \(Self.nestingLimit) levels; use messages instead")
            throw UnreadableStatement()
        }
        try parseMessageBody(&group, groupLocation)
        groups.append(group)
    }

    // MARK: Maps

    private mutating func addMapEntry(
        for field: inout Field, key: WrittenType, value: WrittenType, to nested: inout [GoogleProtobuf.DescriptorProto]
    ) {
        let name = Names.mapEntry(of: field.name ?? "")
        field.typeName = name
        var entry = [entryField("key", 1, key), entryField("value", 2, value)]
        // What a map chooses holds for its keys and values.
        let choices = (field.options?.uninterpretedOption ?? []).filter {
            $0.name.first.map { $0.namePart == "features" && !$0.isExtension } ?? false
        }
        if !choices.isEmpty {
            for index in entry.indices { entry[index].options = .init(uninterpretedOption: choices) }
        }
        nested.append(.init(name: name, field: entry, options: .init(mapEntry: true)))
    }

    private func entryField(_ name: String, _ number: Int32, _ type: WrittenType) -> Field {
        switch type {
        case .scalar(let type): Field(name: name, number: number, label: .optional, type: type)
        case .named(let type): Field(name: name, number: number, label: .optional, typeName: type)
        }
    }

    // MARK: Options

    private mutating func parseFieldOptions(_ field: inout Field, _ location: Int) throws(UnreadableStatement) {
        guard at("[") else { return }
        let optionsLocation = open(location, FieldNumber.Field.options)
        defer { close(optionsLocation) }
        advance()
        var options = field.options ?? .init()
        repeat {
            if at("default") {
                try parseDefault(&field, location)
            } else if at("json_name") {
                try parseJSONName(&field, location)
            } else {
                try parseOption(&options.uninterpretedOption, optionsLocation)
                field.options = options
            }
        } while take(",")
        try expect("]")
    }

    private mutating func parseJSONName(_ field: inout Field, _ location: Int) throws(UnreadableStatement) {
        if field.jsonName != nil {
            problems.error(at: current.position, "`json_name` is already set for this field")
        }
        let nameLocation = open(location, FieldNumber.Field.jsonName)
        defer { close(nameLocation) }
        advance()
        try expect("=")
        let valueLocation = open(location, FieldNumber.Field.jsonName)
        defer { close(valueLocation) }
        field.jsonName = try takeString("a JSON name in quotes")
    }
}

extension UInt8 {
    var isUppercase: Bool { self &- UInt8(ascii: "A") < 26 }
    /// The small letter of an ASCII capital; any other byte itself.
    var lowercased: UInt8 { isUppercase ? self | 0x20 : self }
    /// The capital of an ASCII small letter; any other byte itself.
    var uppercased: UInt8 { self &- UInt8(ascii: "a") < 26 ? self & 0xDF : self }
}
