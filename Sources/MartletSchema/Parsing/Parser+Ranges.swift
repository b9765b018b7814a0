internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    /// One past the largest field number, 2²⁹ − 1.
    static let fieldNumberEnd: Int32 = 1 << 29

    // MARK: extensions

    mutating func parseExtensionRanges(
        _ message: inout GoogleProtobuf.DescriptorProto, _ location: Int
    ) throws(UnreadableStatement) {
        advance()
        let first = message.extensionRange.count
        repeat {
            let range = try parseRange(
                location, path: [Int32(message.extensionRange.count)], max: Self.fieldNumberEnd - 1,
                what: "a field number"
            ) { (parser, what) throws(UnreadableStatement) in try parser.takeInt32(what, limit: .max - 1) }
            message.extensionRange.append(.init(start: range.start, end: range.end + 1))
        } while take(",")
        if at("[") {
            let firstLocation = locations.count
            let options = try parseExtensionRangeOptions(location, range: first)
            let written = locations[firstLocation...]
            let depth = locations[location].path.count
            message.extensionRange[first].options = options
            // They hold for every range of the statement, and so do their locations.
            for index in message.extensionRange.indices where index > first {
                message.extensionRange[index].options = options
                for var copy in written {
                    copy.path[depth] = Int32(index)
                    locations.append(copy)
                }
            }
        }
        try expectSemicolon(of: location)
    }

    private mutating func parseExtensionRangeOptions(
        _ location: Int, range: Int
    ) throws(UnreadableStatement) -> GoogleProtobuf.ExtensionRangeOptions {
        var options = GoogleProtobuf.ExtensionRangeOptions()
        let optionsLocation = open(location, Int32(range))
        extendPath(of: optionsLocation, by: FieldNumber.Range.options)
        defer { close(optionsLocation) }
        advance()
        repeat {
            try parseOption(&options.uninterpretedOption, optionsLocation)
        } while take(",")
        try expect("]")
        return options
    }

    // MARK: reserved

    mutating func parseReserved(
        _ message: inout GoogleProtobuf.DescriptorProto, _ parent: Int
    ) throws(UnreadableStatement) {
        let keyword = current
        advance()
        if current.kind == .string || current.kind == .identifier {
            try parseReservedNames(&message.reservedName, parent, FieldNumber.Message.reservedName, keyword)
            return
        }
        let location = open(parent, FieldNumber.Message.reservedRange)
        start(location, at: keyword)
        defer { close(location) }
        repeat {
            let range = try parseRange(
                location, path: [Int32(message.reservedRange.count)], max: Self.fieldNumberEnd - 1,
                what: "field numbers, or field names in quotes"
            ) { (parser, what) throws(UnreadableStatement) in try parser.takeInt32(what, limit: .max - 1) }
            message.reservedRange.append(.init(start: range.start, end: range.end + 1))
        } while take(",")
        try expectSemicolon(of: location)
    }

    mutating func parseReserved(
        _ enumeration: inout GoogleProtobuf.EnumDescriptorProto, _ parent: Int
    ) throws(UnreadableStatement) {
        let keyword = current
        advance()
        if current.kind == .string || current.kind == .identifier {
            try parseReservedNames(&enumeration.reservedName, parent, FieldNumber.Enum.reservedName, keyword)
            return
        }
        let location = open(parent, FieldNumber.Enum.reservedRange)
        start(location, at: keyword)
        defer { close(location) }
        repeat {
            let range = try parseRange(
                location, path: [Int32(enumeration.reservedRange.count)], max: .max,
                what: "numbers, or names of values in quotes"
            ) { (parser, what) throws(UnreadableStatement) in try parser.takeSignedInt32(what) }
            enumeration.reservedRange.append(.init(start: range.start, end: range.end))
        } while take(",")
        try expectSemicolon(of: location)
    }

    private mutating func parseReservedNames(
        _ names: inout [String], _ parent: Int, _ number: Int32, _ keyword: Token
    ) throws(UnreadableStatement) {
        let location = open(parent, number)
        start(location, at: keyword)
        defer { close(location) }
        repeat {
            let nameLocation = open(path: locations[location].path + [Int32(names.count)])
            names.append(try takeReservedName())
            close(nameLocation)
        } while take(",")
        try expectSemicolon(of: location)
    }

    /// In quotes, but in editions without.
    private mutating func takeReservedName() throws(UnreadableStatement) -> String {
        let token = current
        if token.kind == .string, syntax == .editions {
            problems.error(at: token.position, "reserved names of editions have no quotes; remove them")
        } else if token.kind == .identifier, syntax != .editions {
            problems.error(at: token.position, "write the reserved name in quotes: `\"\(currentText)\"`")
        }
        if token.kind == .identifier { return try takeIdentifier("a name") }
        return try takeString(syntax == .editions ? "a name" : "a name in quotes")
    }

    // MARK: Ranges

    /// `N`, `N to M` or `N to max`, both ends included.
    private mutating func parseRange(
        _ parent: Int, path: [Int32], max: Int32, what: String,
        number: (inout Parser, String) throws(UnreadableStatement) -> Int32
    ) throws(UnreadableStatement) -> (start: Int32, end: Int32) {
        let location = open(path: locations[parent].path + path)
        defer { close(location) }
        let startToken = current
        let startLocation = open(location, FieldNumber.Range.start)
        let start = try number(&self, what)
        close(startLocation)
        guard take("to") else {
            // As protoc has it, the sign alone where there is one.
            mark(location, FieldNumber.Range.end, from: startToken, to: startToken)
            return (start, start)
        }
        let endLocation = open(location, FieldNumber.Range.end)
        defer { close(endLocation) }
        return (start, take("max") ? max : try number(&self, "a number or `max`"))
    }
}
