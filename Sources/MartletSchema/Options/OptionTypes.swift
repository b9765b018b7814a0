internal import MartletDescriptors
internal import MartletMessages

/// Finds the types and extensions that the values of options are made of, for one file.
struct OptionTypes {
    /// For files that are compiled without a descriptor.proto.
    private static let embedded = SchemaCompiler(providers: []).compile(["google/protobuf/descriptor.proto"]).schema!

    let symbols: SymbolTable
    let visible: Set<Int>

    /// The extension called `name` inside `scope`, which has to extend `extendee`.
    func extensionField(
        _ name: String, in scope: String, of extendee: String
    ) throws(OptionProblem) -> (field: OptionField, file: Int) {
        switch symbols.resolve(name, in: scope, visible: visible, typesOnly: false) {
        case .found(let symbol, let fullName) where symbol.kind == .extension:
            let declaring = symbols.linked(symbol.file)
            let field = declaring.extension(at: symbol.path)
            guard field.extendee == "." + extendee else {
                throw OptionProblem("`\(fullName)` extends `\((field.extendee ?? "").dropFirst())`, not `\(extendee)`")
            }
            return (OptionField(descriptor: field, rules: declaring.fieldRules(at: symbol.path)), symbol.file)
        case .found(let symbol, let fullName):
            throw OptionProblem(
                "`\(fullName)` is \(symbol.kind.description), not an option; options are declared with `extend \(extendee)`"
            )
        case .hidden(let symbol, let fullName):
            let other = symbols.linked(symbol.file).name ?? ""
            throw OptionProblem(
                "`\(fullName)` is declared in \(other), which is not imported; add `import \"\(other)\";`")
        case .shadowed(let closest):
            throw OptionProblem(
                "`\(name)` is looked for in `\(closest)`, the closest that starts so, which has no such option; "
                    + "write `.\(name)` to start at the root")
        case .missing:
            throw OptionProblem(
                "unknown option `(\(name))`; import the file that declares it with `extend \(extendee)`")
        }
    }

    /// The message that the field holds; nil when it holds none.
    func message(of field: OptionField) -> OptionMessageType? {
        guard field.isMessage, let name = field.descriptor.typeName else { return nil }
        return message(String(name.dropFirst()))
    }

    func message(_ fullName: String) -> OptionMessageType? {
        guard let symbol = symbols[fullName] else {
            return Self.embedded.message(fullName).map {
                OptionMessageType(
                    fullName: fullName, descriptor: $0.descriptor, features: SchemaFeatures(edition: .proto2))
            }
        }
        guard symbol.kind == .message else { return nil }
        let file = symbols.linked(symbol.file)
        return OptionMessageType(
            fullName: fullName, descriptor: file.message(at: symbol.path), features: file.features(at: symbol.path))
    }

    /// The enum that the field holds, and whether it takes numbers that it doesn't name.
    func enumeration(of field: OptionField) -> (GoogleProtobuf.EnumDescriptorProto, isOpen: Bool)? {
        guard field.descriptor.type == .enum, let name = field.descriptor.typeName else { return nil }
        guard let symbol = symbols[String(name.dropFirst())] else {
            return Self.embedded.enumeration(name).map { ($0.descriptor, false) }
        }
        let file = symbols.linked(symbol.file)
        return (file.enumeration(at: symbol.path), file.features(at: symbol.path).enumType == .open)
    }
}

/// A message that is the value of an option, or inside one.
struct OptionMessageType {
    let fullName: String
    let descriptor: GoogleProtobuf.DescriptorProto
    /// In force in the message.
    let features: SchemaFeatures

    /// The name of a required field whose number isn't in `numbers`, if there is one.
    func requiredField(outside numbers: Set<Int32>) -> String? {
        descriptor.field.first { field in
            !numbers.contains(field.number ?? 0)
                && (field.label == .required || field.options?.features?.fieldPresence == .legacyRequired)
        }?.name
    }

    /// - Parameter name: as text format has it; groups are called as their message.
    func field(_ name: String) -> OptionField? {
        let field = descriptor.field.first {
            $0.type == .group ? Names.last(of: $0.typeName ?? "") == name : $0.name == name
        }
        return field.map(optionField)
    }

    /// - Parameter name: as the parts of option names have it.
    func part(_ name: String) -> OptionField? {
        descriptor.field.first { $0.name == name }.map(optionField)
    }

    private func optionField(_ field: GoogleProtobuf.FieldDescriptorProto) -> OptionField {
        let isInMap = descriptor.options?.mapEntry == true || descriptor.isEntry(field.typeName, of: fullName)
        let rules = FieldRules(field, features: features.merging(field.options?.features), isInMap: isInMap)
        return OptionField(descriptor: field, rules: rules, holder: self)
    }
}

/// A field that an option sets, or that is set in the value of one.
struct OptionField {
    let descriptor: GoogleProtobuf.FieldDescriptorProto
    let rules: FieldRules
    /// The message that it belongs to; nil for an extension.
    var holder: OptionMessageType?

    var name: String { descriptor.name ?? "" }
    var number: Int32 { descriptor.number ?? 0 }
    var isRepeated: Bool { descriptor.label == .repeated }
    var isMessage: Bool { descriptor.type == .message || descriptor.type == .group }
    /// Whether it is left out when it is zero.
    var isImplicit: Bool { rules.presence == .implicit && holder?.descriptor.options?.mapEntry != true }
    /// Whether its strings have to be UTF-8, as they do in descriptors, which hold them as such.
    var needsUTF8: Bool { rules.validatesUTF8 || holder?.fullName.hasPrefix("google.protobuf.") == true }
    /// Whether the values share one tag, also where the file that says so is not interpreted yet.
    var isPacked: Bool {
        let written = descriptor.options?.uninterpretedOption.first { $0.writtenName == "packed" }
        if descriptor.isPackable, let written { return written.identifierValue == "true" }
        return rules.isPacked
    }

    /// `value` with what goes around it on the wire.
    func tagged(_ value: [UInt8]) -> [UInt8] {
        var wire = WireBytes()
        wire.tag(number, rules.isDelimited ? .startGroup : descriptor.wireType)
        if isMessage, !rules.isDelimited {
            wire.lengthDelimited(value)
        } else {
            wire.raw(value)
        }
        if rules.isDelimited { wire.tag(number, .endGroup) }
        return wire.bytes
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    func `extension`(at path: [Int32]) -> GoogleProtobuf.FieldDescriptorProto {
        let last = Int(path[path.count - 1])
        return path.count == 2 ? `extension`[last] : message(at: path.dropLast(2)).extension[last]
    }
}
