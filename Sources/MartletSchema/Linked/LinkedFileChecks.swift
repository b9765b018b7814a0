internal import MartletDescriptors
internal import MartletMessages

/// Checks descriptors from elsewhere for what the generator takes for granted: names are names, every type that is
/// mentioned is there, the entries of maps look like those.
///
/// The rules of the language aren't checked again: whoever wrote the descriptors has done so.
struct LinkedFileChecks {
    private enum Declaration {
        case message
        case mapEntry(of: String)
        case enumeration(values: Set<String>)
    }

    /// An element's place, for messages to people.
    private struct Place {
        let file: SchemaFile
        let path: [Int32]

        func child(_ number: Int32, _ index: Int) -> Place { Place(file: file, path: path + [number, Int32(index)]) }
        func problem(_ message: String) -> SchemaDiagnostic { file.problem(message, at: path) }
    }

    private var declarations: [String: Declaration] = [:]

    // MARK: Declaring

    /// Notes the messages and enums of a file; all files are declared before any is checked.
    mutating func declare(_ file: SchemaFile) throws(SchemaDiagnostic) {
        let descriptor = file.descriptor
        let root = Place(file: file, path: [])
        let package = descriptor.package ?? ""
        for part in package.split(separator: ".", omittingEmptySubsequences: false) where !package.isEmpty {
            guard Self.isIdentifier(part) else { throw root.problem("\"\(package)\" is no package name") }
        }
        for (index, message) in descriptor.messageType.enumerated() {
            try declare(message, in: package, at: root.child(FieldNumber.File.messageType, index))
        }
        for (index, enumeration) in descriptor.enumType.enumerated() {
            try declare(enumeration, in: package, at: root.child(FieldNumber.File.enumType, index))
        }
    }

    private mutating func declare(
        _ message: GoogleProtobuf.DescriptorProto, in scope: String, at place: Place
    ) throws(SchemaDiagnostic) {
        let isEntry = message.options?.mapEntry == true
        let fullName = try declare(message.name, in: scope, isEntry ? .mapEntry(of: scope) : .message, at: place)
        for (index, nested) in message.nestedType.enumerated() {
            try declare(nested, in: fullName, at: place.child(FieldNumber.Message.nestedType, index))
        }
        for (index, enumeration) in message.enumType.enumerated() {
            try declare(enumeration, in: fullName, at: place.child(FieldNumber.Message.enumType, index))
        }
    }

    private mutating func declare(
        _ enumeration: GoogleProtobuf.EnumDescriptorProto, in scope: String, at place: Place
    ) throws(SchemaDiagnostic) {
        let values = Set(enumeration.value.map { $0.name ?? "" })
        let fullName = try declare(enumeration.name, in: scope, .enumeration(values: values), at: place)
        guard !values.isEmpty else { throw place.problem("enum \(fullName) has no values") }
        for name in values where !Self.isIdentifier(name) {
            throw place.problem("\"\(name)\" is no name for a value of \(fullName)")
        }
    }

    private mutating func declare(
        _ name: String?, in scope: String, _ declaration: Declaration, at place: Place
    ) throws(SchemaDiagnostic) -> String {
        let name = name ?? ""
        guard Self.isIdentifier(name) else { throw place.problem("\"\(name)\" is no name for a type") }
        let fullName = Names.join(scope, name)
        guard declarations.updateValue(declaration, forKey: fullName) == nil else {
            throw place.problem("\(fullName) is declared twice")
        }
        return fullName
    }

    // MARK: Checking

    func check(_ file: SchemaFile) throws(SchemaDiagnostic) {
        let descriptor = file.descriptor
        let root = Place(file: file, path: [])
        for (index, message) in descriptor.messageType.enumerated() {
            try check(
                message, named: Names.join(descriptor.package ?? "", message.name ?? ""),
                at: root.child(FieldNumber.File.messageType, index))
        }
        for (index, field) in descriptor.extension.enumerated() {
            try checkExtension(field, at: root.child(FieldNumber.File.extension, index))
        }
        for (index, service) in descriptor.service.enumerated() {
            try check(service, at: root.child(FieldNumber.File.service, index))
        }
    }

    private func check(
        _ message: GoogleProtobuf.DescriptorProto, named fullName: String, at place: Place
    ) throws(SchemaDiagnostic) {
        if message.options?.mapEntry == true {
            guard message.field.map(\.number) == [1, 2], message.field.allSatisfy({ $0.label == .optional }),
                message.field[0].type?.isMapKey == true, message.field[1].type != .group
            else { throw place.problem("\(fullName) doesn't look like the entry of a map") }
        }
        for (index, field) in message.field.enumerated() {
            let place = place.child(FieldNumber.Message.field, index)
            try check(field, of: fullName, at: place)
            if let oneof = field.oneofIndex, !message.oneofDecl.indices.contains(Int(oneof)) {
                throw place.problem("field \(field.name ?? "") is in a oneof that isn't there")
            }
        }
        for (index, oneof) in message.oneofDecl.enumerated() where !Self.isIdentifier(oneof.name ?? "") {
            throw place.child(FieldNumber.Message.oneof, index).problem(
                "\"\(oneof.name ?? "")\" is no name for a oneof")
        }
        for (index, field) in message.extension.enumerated() {
            try checkExtension(field, at: place.child(FieldNumber.Message.extension, index))
        }
        for (index, nested) in message.nestedType.enumerated() {
            try check(
                nested, named: Names.join(fullName, nested.name ?? ""),
                at: place.child(FieldNumber.Message.nestedType, index))
        }
    }

    private func checkExtension(
        _ field: GoogleProtobuf.FieldDescriptorProto, at place: Place
    ) throws(SchemaDiagnostic) {
        try check(field, of: nil, at: place)
        try checkMessage(field.extendee, at: place)
    }

    private func check(
        _ service: GoogleProtobuf.ServiceDescriptorProto, at place: Place
    ) throws(SchemaDiagnostic) {
        guard Self.isIdentifier(service.name ?? "") else {
            throw place.problem("\"\(service.name ?? "")\" is no name for a service")
        }
        for (index, method) in service.method.enumerated() {
            let place = place.child(FieldNumber.Service.method, index)
            guard Self.isIdentifier(method.name ?? "") else {
                throw place.problem("\"\(method.name ?? "")\" is no name for a method")
            }
            try checkMessage(method.inputType, at: place)
            try checkMessage(method.outputType, at: place)
        }
    }

    /// - Parameter message: the full name of the message that the field is declared in; nil for an extension.
    private func check(
        _ field: GoogleProtobuf.FieldDescriptorProto, of message: String?, at place: Place
    ) throws(SchemaDiagnostic) {
        let name = field.name ?? ""
        guard Self.isIdentifier(name) else { throw place.problem("\"\(name)\" is no name for a field") }
        guard let number = field.number, 1...0x1FFF_FFFF ~= number else {
            throw place.problem("field \(name) has no number that a field may have")
        }
        switch (field.type, declaration(of: field.typeName)) {
        case (.message, .message), (.group, .message): break
        case (.enum, .enumeration(let values)):
            if let value = field.defaultValue, !values.contains(value) {
                throw place.problem("field \(name) has the default \(value), which is no value of its enum")
            }
        case (.message, .mapEntry(let owner)) where owner == message && field.label == .repeated: break
        case (.message, _), (.group, _), (.enum, _), (nil, _):
            throw place.problem("field \(name) has no type, or \(field.typeName ?? "one"), which it can't have")
        case (let type?, _):
            if let value = field.defaultValue, !type.canBe(value) {
                throw place.problem("field \(name) has the default \"\(value)\", which its type can't be")
            }
        }
    }

    private func checkMessage(_ name: String?, at place: Place) throws(SchemaDiagnostic) {
        guard case .message = declaration(of: name) else {
            throw place.problem("\(name ?? "nothing") is mentioned where a message belongs, and is none")
        }
    }

    private func declaration(of typeName: String?) -> Declaration? {
        guard let typeName, typeName.hasPrefix(".") else { return nil }
        return declarations[String(typeName.dropFirst())]
    }

    private static func isIdentifier(_ name: some StringProtocol) -> Bool {
        name.utf8.first?.isLetter == true && name.utf8.allSatisfy(\.isLetterOrDigit)
    }
}

extension GoogleProtobuf.FieldDescriptorProto.TypeEnum {
    fileprivate var isMapKey: Bool {
        switch self {
        case .double, .float, .bytes, .group, .message, .enum: false
        default: true
        }
    }

    /// Whether a default written so is one of this type.
    fileprivate func canBe(_ value: String) -> Bool {
        switch self {
        case .int32, .sint32, .sfixed32: Int32(value) != nil
        case .int64, .sint64, .sfixed64: Int64(value) != nil
        case .uint32, .fixed32: UInt32(value) != nil
        case .uint64, .fixed64: UInt64(value) != nil
        case .double, .float: Double(value) != nil
        case .bool: value == "true" || value == "false"
        case .string, .bytes: true
        case .message, .group, .enum: false
        }
    }
}
