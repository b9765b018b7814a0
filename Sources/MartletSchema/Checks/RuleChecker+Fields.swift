internal import MartletDescriptors
internal import MartletMessages

extension RuleChecker {
    private typealias Number = FieldNumber.Field
    private typealias Option = FieldNumber.FieldOption

    /// - Parameter scope: the full name of what the field is declared in.
    mutating func check(_ field: GoogleProtobuf.FieldDescriptorProto, in scope: String, isMap: Bool) {
        enter(field.options?.features, at: Number.options, Option.features)
        // Where the type couldn't be resolved, nothing more can be said.
        guard field.type != nil else { return }
        checkOptions(of: field)
        checkFeatures(of: field, isMap: isMap)
        checkEnum(of: field, isMap: isMap)
        if field.extendee != nil { checkExtension(field, named: Names.join(scope, field.name ?? "")) }
    }

    private mutating func checkOptions(of field: GoogleProtobuf.FieldDescriptorProto) {
        guard let options = field.options else { return }
        if options.packed != nil, rules != .proto2, rules != .proto3 {
            error(
                at: Number.options, Option.packed,
                message: "editions have no `packed`; write `features.repeated_field_encoding` = PACKED or EXPANDED")
        } else if options.packed == true, !field.isPackable {
            error(
                at: Number.options, Option.packed,
                message: "only repeated numbers, bools and enums can be packed; remove `packed`")
        }
        let isLazy = options.lazy == true
        if isLazy || options.unverifiedLazy == true, field.type != .message {
            let name = isLazy ? "lazy" : "unverified_lazy"
            error(
                at: Number.options, isLazy ? Option.lazy : Option.unverifiedLazy,
                message: "only messages can be `\(name)`; remove it")
        }
        if let jstype = options.jstype, jstype != .jsNormal, !field.is64Bit {
            error(at: Number.options, Option.jstype, message: "`jstype` is for 64-bit integers only; remove it")
        }
    }

    /// An enum that hasn't zero, or drops what it doesn't know, is no type for a field whose zero is not sent.
    private mutating func checkEnum(of field: GoogleProtobuf.FieldDescriptorProto, isMap: Bool) {
        let isImplicit =
            isMap
            ? features.fieldPresence == .implicit
            : FieldRules(field, features: features, isInMap: false).presence == .implicit
        guard rules == .proto3 || isImplicit else { return }
        var candidates = [field]
        if isMap, let entry = field.typeName, let symbol = symbols[String(entry.dropFirst())] {
            candidates = symbols.linked(symbol.file).message(at: symbol.path).field
        }
        for candidate in candidates where candidate.type == .enum {
            guard let name = candidate.typeName?.dropFirst(), let symbol = symbols[String(name)],
                symbols.linked(symbol.file).features(at: symbol.path).enumType == .closed
            else { continue }
            error(
                at: Number.typeName,
                message: rules == .proto3
                    ? "`\(name)` is a closed enum, which a proto3 message can't use; declare it in a proto3 file"
                    : "`\(name)` is a closed enum, which a field with implicit presence can't use; "
                        + "remove `features.field_presence = IMPLICIT` or open the enum")
        }
    }

    // MARK: Extensions

    private mutating func checkExtension(_ field: GoogleProtobuf.FieldDescriptorProto, named fullName: String) {
        guard let extendee = field.extendee?.dropFirst(), let symbol = symbols[String(extendee)],
            symbol.kind == .message
        else { return }
        let owner = symbols.linked(symbol.file)
        let message = owner.message(at: symbol.path)
        if message.options?.messageSetWireFormat == true, field.label != .optional || field.type != .message {
            error(
                at: field.typeName == nil ? Number.type : Number.typeName,
                message: "`\(extendee)` is a message set, whose extensions are single messages")
        }
        if file.isLite, !owner.isLite {
            error(
                at: Number.extendee,
                message: "`\(extendee)` is not optimized for LITE_RUNTIME as this file is, so it can't be extended here"
            )
        }
        if field.options?.unverifiedLazy == true {
            error(
                at: Number.options, Option.unverifiedLazy, message: "an extension can't be `unverified_lazy`; remove it"
            )
        }
        let number = field.number ?? 0
        if let options = message.extensionRange.first(where: { $0.contains(number) })?.options,
            let problem = problem(with: field, named: fullName, declaredIn: options)
        {
            error(at: Number.number, message: problem)
        }
    }

    /// What is wrong by the declarations of the range that holds the extension's number.
    private func problem(
        with field: GoogleProtobuf.FieldDescriptorProto, named fullName: String,
        declaredIn options: GoogleProtobuf.ExtensionRangeOptions
    ) -> String? {
        let number = field.number ?? 0
        guard let declaration = options.declaration.first(where: { $0.number == number }) else {
            guard !options.declaration.isEmpty || options.verification == .declaration else { return nil }
            return "extension \(number) is not declared in its range; add a `declaration` there"
        }
        if declaration.reserved == true { return "extension \(number) is declared as reserved; choose another number" }
        if let name = declaration.fullName, name != "." + fullName {
            return "extension \(number) is declared as `\(name)`, not `.\(fullName)`"
        }
        let type = field.typeName ?? field.type?.name ?? ""
        if let declared = declaration.type, declared != type {
            return "extension \(number) is declared with the type `\(declared)`, not `\(type)`"
        }
        if (declaration.repeated == true) != (field.label == .repeated) {
            return "extension \(number) is declared as \(declaration.repeated == true ? "" : "not ")repeated"
        }
        return nil
    }
}
