internal import MartletDescriptors
internal import MartletMessages

/// Finds the types and extensions that the values of options are made of, for one file.
struct OptionTypes {
    typealias Field = GoogleProtobuf.FieldDescriptorProto

    /// For files that are compiled without a descriptor.proto.
    private static let embedded = SchemaCompiler(providers: []).compile(["google/protobuf/descriptor.proto"]).schema!

    let symbols: SymbolTable
    let visible: Set<Int>

    /// The extension called `name` inside `scope`, which has to extend `extendee`.
    func extensionField(
        _ name: String, in scope: String, of extendee: String
    ) throws(OptionProblem) -> (field: Field, file: Int) {
        switch symbols.resolve(name, in: scope, visible: visible, typesOnly: false) {
        case .found(let symbol, let fullName) where symbol.kind == .extension:
            let field = symbols.linked(symbol.file).extension(at: symbol.path)
            guard field.extendee == "." + extendee else {
                throw OptionProblem("`\(fullName)` extends `\((field.extendee ?? "").dropFirst())`, not `\(extendee)`")
            }
            return (field, symbol.file)
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
    func message(of field: Field) -> OptionMessageType? {
        guard field.type == .message || field.type == .group, let name = field.typeName else { return nil }
        return message(String(name.dropFirst()))
    }

    func message(_ fullName: String) -> OptionMessageType? {
        guard let symbol = symbols[fullName] else {
            return Self.embedded.message(fullName).map {
                OptionMessageType(fullName: fullName, descriptor: $0.descriptor, isProto3: false)
            }
        }
        guard symbol.kind == .message else { return nil }
        let file = symbols.linked(symbol.file)
        return OptionMessageType(
            fullName: fullName, descriptor: file.message(at: symbol.path), isProto3: file.syntax == "proto3")
    }

    /// The enum that the field holds, and whether it takes numbers that it doesn't name.
    func enumeration(of field: Field) -> (GoogleProtobuf.EnumDescriptorProto, isOpen: Bool)? {
        guard field.type == .enum, let name = field.typeName else { return nil }
        guard let symbol = symbols[String(name.dropFirst())] else {
            return Self.embedded.enumeration(name).map { ($0.descriptor, false) }
        }
        let file = symbols.linked(symbol.file)
        return (file.enumeration(at: symbol.path), file.syntax == "proto3")
    }
}

/// A message that is the value of an option, or inside one.
struct OptionMessageType {
    let fullName: String
    let descriptor: GoogleProtobuf.DescriptorProto
    let isProto3: Bool

    /// Whether a field that is zero is left out.
    func isImplicit(_ field: OptionTypes.Field) -> Bool {
        isProto3 && field.label != .repeated && field.type != .message && field.oneofIndex == nil
            && field.extendee == nil && descriptor.options?.mapEntry != true
    }

    /// Whether the values of a repeated field share one tag.
    func isPacked(_ field: OptionTypes.Field) -> Bool {
        let written = field.options?.uninterpretedOption.first { $0.writtenName == "packed" }
        let isSet = field.options?.packed ?? written.map { $0.identifierValue == "true" }
        return field.isPackable && (isSet ?? isProto3)
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    func `extension`(at path: [Int32]) -> GoogleProtobuf.FieldDescriptorProto {
        let last = Int(path[path.count - 1])
        return path.count == 2 ? `extension`[last] : message(at: path.dropLast(2)).extension[last]
    }
}
