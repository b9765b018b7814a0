internal import MartletCore
internal import MartletDescriptors
internal import MartletMessages

/// Where everything is declared that a set of files declares, by full names.
struct ReflectionIndex: Sendable {
    private struct File {
        let bytes: [UInt8]
        let imports: [String]
    }

    /// In alphabetical order.
    let services: [String]
    private var files: [String: File] = [:]
    /// The files of services, methods, messages, fields, oneofs, enums, their values, and extensions.
    private var symbols: [String: String] = [:]
    /// The files of extensions by what they extend and by their numbers.
    private var extensions: [String: [Int32: String]] = [:]

    /// Indexes the files, what they import, and what that imports.
    init(services: [ServiceDescriptor], files: [FileDescriptor]) {
        self.services = services.map(\.name).sorted()
        var waiting = services.map(\.file) + files
        while let file = waiting.popLast() {
            if self.files[file.name] != nil { continue }
            add(file)
            waiting += file.imports
        }
    }

    // MARK: - Questions

    func contains(file: String) -> Bool { files[file] != nil }

    func file(declaring symbol: String) -> String? { symbols[symbol] }

    func file(extending message: String, with number: Int32) -> String? { extensions[message]?[number] }

    /// Nil where the message isn't known.
    func extensionNumbers(of message: String) -> [Int32]? {
        if let extensions = extensions[message] { return extensions.keys.sorted() }
        return symbols[message] == nil ? nil : []
    }

    /// The serialized descriptor of a file, then those of the files it needs.
    ///
    /// - Parameter sent: The names of files that the other side has already, which don't come along again.
    func descriptors(of file: String, sent: inout Set<String>) -> [[UInt8]] {
        var names = [file]
        var seen: Set = [file]
        var next = 0
        while next < names.count {
            for name in files[names[next]]?.imports ?? [] where seen.insert(name).inserted && !sent.contains(name) {
                names.append(name)
            }
            next += 1
        }
        sent.formUnion(names)
        return names.compactMap { files[$0]?.bytes }
    }

    // MARK: - Indexing

    private mutating func add(_ file: FileDescriptor) {
        let bytes = file.bytes
        files[file.name] = File(bytes: bytes, imports: file.imports.map(\.name))
        // Generated code holds whole descriptors; one that can't be read declares nothing.
        guard let proto = try? GoogleProtobuf.FileDescriptorProto(serialized: bytes) else { return }
        var declarations = Declarations()
        declarations.add(proto)
        for symbol in declarations.symbols { symbols[symbol] = file.name }
        for (message, number) in declarations.extensions { extensions[message, default: [:]][number] = file.name }
    }
}

/// Collects what one file declares.
private struct Declarations {
    var symbols: [String] = []
    var extensions: [(message: String, number: Int32)] = []

    mutating func add(_ file: GoogleProtobuf.FileDescriptorProto) {
        let package = file.package ?? ""
        for message in file.messageType { add(message, in: package) }
        for declaration in file.enumType { add(declaration, in: package) }
        for field in file.extension { addExtension(field, in: package) }
        for service in file.service {
            let name = add(service.name, in: package)
            for method in service.method { add(method.name, in: name) }
        }
    }

    private mutating func add(_ message: GoogleProtobuf.DescriptorProto, in scope: String) {
        let name = add(message.name, in: scope)
        for field in message.field { add(field.name, in: name) }
        for oneof in message.oneofDecl { add(oneof.name, in: name) }
        for nested in message.nestedType { add(nested, in: name) }
        for declaration in message.enumType { add(declaration, in: name) }
        for field in message.extension { addExtension(field, in: name) }
    }

    /// Values stand beside their enum, not in it.
    private mutating func add(_ declaration: GoogleProtobuf.EnumDescriptorProto, in scope: String) {
        add(declaration.name, in: scope)
        for value in declaration.value { add(value.name, in: scope) }
    }

    private mutating func addExtension(_ field: GoogleProtobuf.FieldDescriptorProto, in scope: String) {
        add(field.name, in: scope)
        // Linked descriptors name types from the root, with a dot before them.
        extensions.append((String((field.extendee ?? "").drop { $0 == "." }), field.number ?? 0))
    }

    @discardableResult private mutating func add(_ name: String?, in scope: String) -> String {
        let name = scope.isEmpty ? name ?? "" : "\(scope).\(name ?? "")"
        symbols.append(name)
        return name
    }
}
