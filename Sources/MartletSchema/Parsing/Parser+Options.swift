internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    typealias Option = GoogleProtobuf.UninterpretedOption

    /// `option NAME = VALUE;`
    mutating func parseOptionStatement(
        _ options: inout [Option], _ optionsLocation: Int
    ) throws(UnreadableStatement) {
        let location = open(optionsLocation, FieldNumber.UninterpretedOption.inOptions, options.count)
        defer { close(location) }
        advance()
        options.append(try parseOptionAssignment(location))
        try expectSemicolon(of: location)
    }

    /// `NAME = VALUE` in brackets.
    mutating func parseOption(_ options: inout [Option], _ optionsLocation: Int) throws(UnreadableStatement) {
        let location = open(optionsLocation, FieldNumber.UninterpretedOption.inOptions, options.count)
        defer { close(location) }
        options.append(try parseOptionAssignment(location))
    }

    private mutating func parseOptionAssignment(_ location: Int) throws(UnreadableStatement) -> Option {
        var option = Option()
        let nameLocation = open(location, FieldNumber.UninterpretedOption.name)
        repeat {
            let partLocation = open(path: locations[nameLocation].path + [Int32(option.name.count)])
            option.name.append(try parseOptionNamePart(partLocation))
            close(partLocation)
        } while take(".")
        close(nameLocation)
        try expect("=")
        try parseOptionValue(&option, location)
        return option
    }

    private mutating func parseOptionNamePart(_ location: Int) throws(UnreadableStatement) -> Option.NamePart {
        guard take("(") else {
            let partLocation = open(location, FieldNumber.UninterpretedOption.namePart)
            defer { close(partLocation) }
            return .init(namePart: try takeIdentifier("the name of an option"), isExtension: false)
        }
        let partLocation = open(location, FieldNumber.UninterpretedOption.namePart)
        let name = try parseTypeName()
        close(partLocation)
        try expect(")")
        return .init(namePart: name, isExtension: true)
    }

    private mutating func parseOptionValue(_ option: inout Option, _ location: Int) throws(UnreadableStatement) {
        let valueLocation = open(path: locations[location].path)
        defer { close(valueLocation) }
        let sign = current
        let isNegative = take("-")
        switch current.kind {
        case .identifier where isNegative && (at("inf") || at("nan")):
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.doubleValue)
            option.doubleValue = -(try takeNumber("a number"))
        case .identifier where !isNegative:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.identifierValue)
            option.identifierValue = currentText
            advance()
        case .integer where isNegative:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.negativeIntValue)
            let magnitude = try takeInteger("the value of an option", limit: 1 << 63)
            option.negativeIntValue = Int64(truncatingIfNeeded: 0 &- magnitude)
        case .integer:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.positiveIntValue)
            option.positiveIntValue = try takeInteger("the value of an option", limit: .max)
        case .float:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.doubleValue)
            let value = try takeNumber("a number")
            option.doubleValue = isNegative ? -value : value
        case .string where !isNegative:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.stringValue)
            option.stringValue = try takeBytes("a string")
        case .symbol where at("{") && !isNegative:
            extendPath(of: valueLocation, by: FieldNumber.UninterpretedOption.aggregateValue)
            option.aggregateValue = try takeAggregate()
        default:
            if isNegative, current.kind != .symbol {
                problems.error(at: sign.position, "`-` goes only before a number; remove it")
                throw UnreadableStatement()
            }
            throw expected("the value of an option")
        }
    }

    /// The tokens between braces, with one space between them, as protoc keeps them.
    private mutating func takeAggregate() throws(UnreadableStatement) -> String {
        let opening = current
        advance()
        var depth = 1
        var value: [UInt8] = []
        while !atEnd {
            if at("{") {
                depth += 1
            } else if take("}") {
                depth -= 1
                if depth == 0 { return String(decoding: value, as: UTF8.self) }
                if !value.isEmpty { value.append(UInt8(ascii: " ")) }
                value.append(UInt8(ascii: "}"))
                continue
            }
            if !value.isEmpty { value.append(UInt8(ascii: " ")) }
            value += text.bytes[current.start..<current.end]
            advance()
        }
        problems.error(at: opening.position, "this `{` is never closed; add `}`")
        throw UnreadableStatement()
    }
}
