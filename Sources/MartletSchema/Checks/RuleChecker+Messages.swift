internal import MartletDescriptors
internal import MartletMessages

extension RuleChecker {
    private typealias Number = FieldNumber.Message

    mutating func check(_ message: GoogleProtobuf.DescriptorProto, in outer: String) {
        // Nobody wrote the entry of a map; what is wrong with it is said of the map.
        guard message.options?.mapEntry != true else { return }
        enter(message.options?.features, at: Number.options, FieldNumber.MessageOption.features)
        let scope = Names.join(outer, message.name ?? "")
        let maps = Set(message.mapFields(in: scope).values)
        for (i, field) in message.field.enumerated() {
            descend(Number.field, i) { $0.check(field, in: scope, isMap: maps.contains(i)) }
        }
        for (i, nested) in message.nestedType.enumerated() {
            descend(Number.nestedType, i) { $0.check(nested, in: scope) }
        }
        for (i, enumeration) in message.enumType.enumerated() {
            descend(Number.enumType, i) { $0.check(enumeration) }
        }
        for (i, field) in message.extension.enumerated() {
            descend(Number.extension, i) { $0.check(field, in: scope, isMap: false) }
        }
        checkMessageSet(message)
        if message.options?.deprecatedLegacyJsonFieldConflicts != true { checkJSONNames(of: message) }
        checkDeclarations(of: message)
    }

    private mutating func checkMessageSet(_ message: GoogleProtobuf.DescriptorProto) {
        guard message.options?.messageSetWireFormat == true else { return }
        if rules == .proto3 {
            error(
                at: Number.options, FieldNumber.MessageOption.messageSetWireFormat,
                message: "proto3 has no message sets, since it has no extensions; remove `message_set_wire_format`")
        } else if let field = message.field.first {
            error(
                at: Number.field, 0, FieldNumber.Field.name,
                message:
                    "a message set holds only extensions; extend `\(message.name ?? "")` with a message instead of "
                    + "declaring `\(field.name ?? "")` in it")
        }
    }

    // MARK: JSON names

    /// Two fields with one JSON name can't be told apart. Old files that never meant to be JSON are let off with a warning
    /// as long as one of the names isn't written.
    private mutating func checkJSONNames(of message: GoogleProtobuf.DescriptorProto) {
        checkJSONNames(of: message, written: false)
        if message.field.contains(where: \.hasWrittenJSONName) { checkJSONNames(of: message, written: true) }
    }

    private mutating func checkJSONNames(of message: GoogleProtobuf.DescriptorProto, written: Bool) {
        var owners: [String: Int] = [:]
        owners.reserveCapacity(message.field.count)
        for (i, field) in message.field.enumerated() {
            let isWritten = written && field.hasWrittenJSONName
            let jsonName = isWritten ? field.jsonName ?? "" : Names.json(of: field.name ?? "")
            if isWritten, jsonName.hasPrefix("["), jsonName.hasSuffix("]") {
                error(
                    at: Number.field, Int32(i), FieldNumber.Field.jsonName,
                    message:
                        "a JSON name can't be in brackets, which mark extensions; choose another than `\(jsonName)`")
                continue
            }
            guard let owner = owners[jsonName].map({ message.field[$0] }) else {
                owners[jsonName] = i
                continue
            }
            let isOwnerWritten = written && owner.hasWrittenJSONName
            // Two fields of one name are reported as that.
            guard owner.name != field.name, !written || isWritten || isOwnerWritten else { continue }
            let problem =
                "fields `\(owner.name ?? "")` and `\(field.name ?? "")` have the same JSON name `\(jsonName)`; "
                + "rename one or set its `json_name`"
            if features.jsonFormat == .legacyBestEffort, !isWritten || !isOwnerWritten {
                warning(at: Number.field, Int32(i), FieldNumber.Field.name, message: problem)
            } else {
                error(at: Number.field, Int32(i), FieldNumber.Field.name, message: problem)
            }
        }
    }

    // MARK: Extension declarations

    private mutating func checkDeclarations(of message: GoogleProtobuf.DescriptorProto) {
        var names: Set<String> = []
        for (i, range) in message.extensionRange.enumerated() {
            guard let options = range.options, !options.declaration.isEmpty else { continue }
            if options.verification == .unverified {
                error(
                    at: Number.extensionRange, Int32(i),
                    message: "a range with declarations is verified; remove `verification = UNVERIFIED`")
            }
            var numbers: Set<Int32> = []
            for declaration in options.declaration {
                for problem in problems(with: declaration, in: range, numbers: &numbers, names: &names) {
                    error(at: Number.extensionRange, Int32(i), message: problem)
                }
            }
        }
    }

    private func problems(
        with declaration: GoogleProtobuf.ExtensionRangeOptions.Declaration,
        in range: GoogleProtobuf.DescriptorProto.ExtensionRange, numbers: inout Set<Int32>, names: inout Set<String>
    ) -> [String] {
        var problems: [String] = []
        let number = declaration.number ?? 0
        if !range.contains(number) {
            problems.append("extension \(number) is declared for a range without that number")
        }
        if !numbers.insert(number).inserted { problems.append("extension \(number) is declared twice; remove one") }
        guard let fullName = declaration.fullName, let type = declaration.type else {
            let isComplete = declaration.reserved == true && declaration.fullName == nil && declaration.type == nil
            if !isComplete {
                problems.append("the declaration of extension \(number) needs a `full_name` and a `type`")
            }
            return problems
        }
        if !names.insert(fullName).inserted { problems.append("extension `\(fullName)` is declared twice; remove one") }
        let written = Parser.scalarTypes[type] == nil ? [fullName, type] : [fullName]
        for name in written where !Names.isFullName(name) {
            problems.append(
                "`\(name)` in a declaration has to be a full name with a dot in front, as in `.users.v1.User`")
        }
        return problems
    }
}

extension GoogleProtobuf.FieldDescriptorProto {
    /// Whether `json_name` is written and says something.
    var hasWrittenJSONName: Bool { jsonName != Names.json(of: name ?? "") }
}
