internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    mutating func parseMessage(_ location: Int) throws(UnreadableStatement) -> GoogleProtobuf.DescriptorProto {
        var message = GoogleProtobuf.DescriptorProto()
        let keyword = current
        advance()
        let name = open(location, FieldNumber.Message.name)
        message.name = try takeIdentifier("a message name")
        close(name)
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else {
            problems.error(
                at: keyword.position,
                "messages nest deeper than \(Self.nestingLimit) levels; move some to the top level")
            throw UnreadableStatement()
        }
        try parseMessageBody(&message, location)
        if syntax == .proto3 { addSyntheticOneofs(to: &message) }
        return message
    }

    /// From `{` to `}`, of a message or a group.
    mutating func parseMessageBody(
        _ message: inout GoogleProtobuf.DescriptorProto, _ location: Int
    ) throws(UnreadableStatement) {
        try parseBlock(of: location, "message `\(message.name ?? "")`") { (parser) throws(UnreadableStatement) in
            try parser.parseMessageStatement(&message, location)
        }
        if message.isMessageSet { widenMaxRanges(of: &message) }
    }

    /// In a message set, which has numbers up to 2³¹ − 1, `max` means that.
    private func widenMaxRanges(of message: inout GoogleProtobuf.DescriptorProto) {
        for index in message.extensionRange.indices where message.extensionRange[index].end == Self.fieldNumberEnd {
            message.extensionRange[index].end = .max
        }
        for index in message.reservedRange.indices where message.reservedRange[index].end == Self.fieldNumberEnd {
            message.reservedRange[index].end = .max
        }
    }

    private mutating func parseMessageStatement(
        _ message: inout GoogleProtobuf.DescriptorProto, _ parent: Int
    ) throws(UnreadableStatement) {
        if at("message") {
            let location = open(parent, FieldNumber.Message.nestedType, message.nestedType.count)
            defer { close(location) }
            message.nestedType.append(try parseMessage(location))
        } else if at("enum") {
            let location = open(parent, FieldNumber.Message.enumType, message.enumType.count)
            defer { close(location) }
            message.enumType.append(try parseEnum(location))
        } else if at("extensions") {
            let location = open(parent, FieldNumber.Message.extensionRange)
            defer { close(location) }
            try parseExtensionRanges(&message, location)
        } else if at("reserved") {
            try parseReserved(&message, parent)
        } else if at("extend") {
            let location = open(parent, FieldNumber.Message.extension)
            defer { close(location) }
            try parseExtend(
                &message.extension, groups: &message.nestedType, location: location,
                groupParent: (parent, FieldNumber.Message.nestedType))
        } else if at("option") {
            let location = open(parent, FieldNumber.Message.options)
            defer { close(location) }
            var options = message.options.take() ?? .init()
            defer { message.options = options }
            try parseOptionStatement(&options.uninterpretedOption, location)
        } else if at("oneof") {
            let location = open(parent, FieldNumber.Message.oneof, message.oneofDecl.count)
            defer { close(location) }
            try parseOneof(&message, location, parent)
        } else {
            let location = open(parent, FieldNumber.Message.field, message.field.count)
            defer { close(location) }
            var field = GoogleProtobuf.FieldDescriptorProto()
            try parseField(
                &field, location, groups: &message.nestedType, groupParent: (parent, FieldNumber.Message.nestedType))
            message.field.append(field)
        }
    }

    private mutating func parseOneof(
        _ message: inout GoogleProtobuf.DescriptorProto, _ location: Int, _ parent: Int
    ) throws(UnreadableStatement) {
        let oneofIndex = message.oneofDecl.count
        advance()
        let nameLocation = open(location, FieldNumber.Oneof.name)
        let name = try takeIdentifier("a oneof name")
        close(nameLocation)
        message.oneofDecl.append(.init(name: name))
        try parseBlock(of: location, "oneof `\(name)`", allowsEmpty: false) { (parser) throws(UnreadableStatement) in
            if parser.at("option") {
                let optionLocation = parser.open(location, FieldNumber.Oneof.options)
                defer { parser.close(optionLocation) }
                var options = message.oneofDecl[oneofIndex].options.take() ?? .init()
                defer { message.oneofDecl[oneofIndex].options = options }
                return try parser.parseOptionStatement(&options.uninterpretedOption, optionLocation)
            }
            if parser.at("optional") || parser.at("required") || parser.at("repeated") {
                let label = parser.currentText
                parser.problems.error(
                    at: parser.current.position, "a field of a oneof has no label; remove `\(label)`")
                parser.advance()
            }
            let fieldLocation = parser.open(parent, FieldNumber.Message.field, message.field.count)
            defer { parser.close(fieldLocation) }
            var field = GoogleProtobuf.FieldDescriptorProto(label: .optional, oneofIndex: Int32(oneofIndex))
            try parser.parseFieldAfterLabel(
                &field, fieldLocation, groups: &message.nestedType,
                groupParent: (parent, FieldNumber.Message.nestedType))
            message.field.append(field)
        }
    }

    /// `groupParent`: where the message of a group is declared, as (location, field number).
    mutating func parseExtend(
        _ extensions: inout [GoogleProtobuf.FieldDescriptorProto],
        groups: inout [GoogleProtobuf.DescriptorProto], location: Int, groupParent: (Int, Int32)
    ) throws(UnreadableStatement) {
        let keyword = current
        advance()
        let first = current
        let extendee = try parseTypeName()
        let last = previous
        let count = extensions.count
        try parseBlock(of: location, "`extend \(extendee)`", allowsEmpty: false) {
            (parser) throws(UnreadableStatement) in
            let fieldLocation = parser.open(path: parser.locations[location].path + [Int32(extensions.count)])
            defer { parser.close(fieldLocation) }
            parser.mark(fieldLocation, FieldNumber.Field.extendee, from: first, to: last)
            var field = GoogleProtobuf.FieldDescriptorProto(extendee: extendee)
            try parser.parseField(&field, fieldLocation, groups: &groups, groupParent: groupParent)
            extensions.append(field)
        }
        if extensions.count == count, !problems.hasErrors {
            problems.error(at: keyword.position, "`extend \(extendee)` adds no field; remove it or add one")
        }
    }

    /// A proto3 `optional` field is alone in a oneof of its own, after the written ones, as protoc names and orders them.
    private func addSyntheticOneofs(to message: inout GoogleProtobuf.DescriptorProto) {
        guard message.field.contains(where: { $0.proto3Optional == true }) else { return }
        var names = Set(message.field.compactMap(\.name) + message.oneofDecl.compactMap(\.name))
        for index in message.field.indices where message.field[index].proto3Optional == true {
            let field = message.field[index].name ?? ""
            var name = field.hasPrefix("_") ? field : "_" + field
            while !names.insert(name).inserted { name = "X" + name }
            message.field[index].oneofIndex = Int32(message.oneofDecl.count)
            message.oneofDecl.append(.init(name: name))
        }
    }
}

extension GoogleProtobuf.DescriptorProto {
    /// Whether the message, as it is written, has the option `message_set_wire_format`.
    var isMessageSet: Bool {
        options?.uninterpretedOption.contains {
            $0.writtenName == "message_set_wire_format" && $0.identifierValue == "true"
        } ?? false
    }
}
