internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    mutating func parseEnum(_ location: Int) throws(UnreadableStatement) -> GoogleProtobuf.EnumDescriptorProto {
        var enumeration = GoogleProtobuf.EnumDescriptorProto()
        let keyword = current
        advance()
        let nameLocation = open(location, FieldNumber.Enum.name)
        let name = try takeIdentifier("an enum name")
        close(nameLocation)
        enumeration.name = name
        try parseBlock(of: location, "enum `\(name)`") { (parser) throws(UnreadableStatement) in
            try parser.parseEnumStatement(&enumeration, location)
        }
        if enumeration.value.isEmpty, !problems.hasErrors {
            problems.error(at: keyword.position, "enum `\(name)` needs at least one value")
        }
        return enumeration
    }

    private mutating func parseEnumStatement(
        _ enumeration: inout GoogleProtobuf.EnumDescriptorProto, _ parent: Int
    ) throws(UnreadableStatement) {
        if at("option") {
            let location = open(parent, FieldNumber.Enum.options)
            defer { close(location) }
            var options = enumeration.options.take() ?? .init()
            defer { enumeration.options = options }
            try parseOptionStatement(&options.uninterpretedOption, location)
        } else if at("reserved") {
            try parseReserved(&enumeration, parent)
        } else {
            let location = open(parent, FieldNumber.Enum.value, enumeration.value.count)
            defer { close(location) }
            enumeration.value.append(try parseEnumValue(location))
        }
    }

    private mutating func parseEnumValue(
        _ location: Int
    ) throws(UnreadableStatement) -> GoogleProtobuf.EnumValueDescriptorProto {
        var value = GoogleProtobuf.EnumValueDescriptorProto()
        let nameLocation = open(location, FieldNumber.EnumValue.name)
        let name = try takeIdentifier("the name of an enum value")
        close(nameLocation)
        value.name = name
        guard at("=") else {
            problems.error(at: previous.endPosition, "enum value `\(name)` has no number; write `\(name) = NUMBER`")
            throw UnreadableStatement()
        }
        advance()
        let numberLocation = open(location, FieldNumber.EnumValue.number)
        value.number = try takeSignedInt32("a number")
        close(numberLocation)
        if at("[") {
            let optionsLocation = open(location, FieldNumber.EnumValue.options)
            defer { close(optionsLocation) }
            advance()
            var options = GoogleProtobuf.EnumValueOptions()
            repeat {
                try parseOption(&options.uninterpretedOption, optionsLocation)
            } while take(",")
            value.options = options
            try expect("]")
        }
        try expectSemicolon(of: location)
        return value
    }
}
