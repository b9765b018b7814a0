internal import MartletDescriptors
internal import MartletMessages

/// Resolves the names of one file and checks its rules; the files that it imports are linked before.
///
/// The extensions of this type take one kind of element each.
struct FileLinker {
    let index: Int
    let files: [LoadedFile]
    let symbols: SymbolTable
    let isRoot: Bool
    var problems: Problems
    /// Of the element at hand, as in `SourceCodeInfo`.
    var path: [Int32] = []
    /// Where errors are reported instead, while the entry of a map, which nobody wrote, is at hand.
    var writtenPath: [Int32]?
    /// Files whose names were used.
    var used: Set<Int> = []

    init(index: Int, files: [LoadedFile], symbols: SymbolTable, isRoot: Bool) {
        self.index = index
        self.files = files
        self.symbols = symbols
        self.isRoot = isRoot
        problems = Problems(file: files[index].parsed.shownAs)
    }

    var file: LoadedFile { files[index] }
    var locations: [GoogleProtobuf.SourceCodeInfo.Location] { files[index].parsed.locations }
    var isSound: Bool { files[index].isSound }
    var isProto3: Bool { file.parsed.descriptor.syntax == "proto3" }
    var isEdition: Bool { file.parsed.descriptor.syntax == "editions" }

    mutating func link() -> GoogleProtobuf.FileDescriptorProto {
        var descriptor = file.parsed.descriptor
        let package = descriptor.package ?? ""
        declareNames(of: descriptor)
        for i in descriptor.messageType.indices {
            descend(FieldNumber.File.messageType, i) { $0.link(&descriptor.messageType[i], in: package) }
        }
        for i in descriptor.extension.indices {
            descend(FieldNumber.File.extension, i) { $0.linkExtension(&descriptor.extension[i], in: package) }
        }
        for i in descriptor.service.indices {
            descend(FieldNumber.File.service, i) { $0.link(&descriptor.service[i], in: package) }
        }
        symbols.keep(descriptor, file: index)
        guard isSound else { return descriptor }
        if isEdition {
            var early = OptionInterpreter(linker: self, isEarly: true)
            var choosing = descriptor
            early.interpret(&choosing)
            symbols.keep(choosing, file: index)
        }
        var options = OptionInterpreter(linker: self)
        options.interpret(&descriptor)
        self = options.linker
        descriptor.sourceCodeInfo = .init(location: options.relocated(file.parsed.locations))
        symbols.keep(descriptor, file: index)
        var checker = RuleChecker(file: descriptor, symbols: symbols, problems: problems)
        checker.check(imports: file.imports.compactMap { $0.map(symbols.linked) })
        problems = checker.problems
        if isRoot { warnOfUnusedImports() }
        return descriptor
    }

    /// Runs `body` with `path` at an element of the one at hand.
    mutating func descend(_ number: Int32, _ index: Int, _ body: (inout FileLinker) -> Void) {
        path.append(number)
        path.append(Int32(index))
        body(&self)
        path.removeLast(2)
    }

    // MARK: Reporting

    /// - Parameter part: where in the element at hand.
    mutating func error(at part: Int32..., message: String) {
        // What is wrong with a file that isn't whole may only follow from what is missing.
        guard isSound, !problems.isFull else { return }
        problems.error(at: locations.position(of: writtenPath ?? path + part), message)
    }

    /// `file:line` of a symbol, or only the line when it is in this file.
    func place(of symbol: SymbolTable.Symbol) -> String {
        let other = files[symbol.file].parsed
        guard let position = other.locations.position(of: symbol.path) else { return other.shownAs }
        return symbol.file == index ? "line \(position.line)" : "\(other.shownAs):\(position.line)"
    }

    // MARK: Resolving

    /// The full name and symbol of the type written as `name`; nil after reporting what is wrong.
    mutating func resolveType(
        _ name: String, in scope: String, at part: Int32, typesOnly: Bool = true
    ) -> (fullName: String, symbol: SymbolTable.Symbol)? {
        switch symbols.resolve(name, in: scope, visible: file.visible, typesOnly: typesOnly) {
        case .found(let symbol, let fullName) where symbol.kind.isType:
            used.insert(symbol.file)
            return (fullName, symbol)
        case .found(let symbol, let fullName):
            error(at: part, message: "`\(fullName)` is \(symbol.kind.description), not a message or an enum")
        case .hidden(let symbol, let fullName):
            let other = files[symbol.file]
            error(
                at: part,
                message:
                    "`\(fullName)` is declared in \(other.name), which is not imported; add `import \"\(other.name)\";`"
            )
        case .shadowed(let closest) where symbols[name]?.kind.isType == true:
            error(
                at: part,
                message: "`\(name)` is looked for in `\(closest)`, the closest that starts so, which has no such type; "
                    + "write `.\(name)` to start at the root")
        case .shadowed, .missing:
            guard !problems.isFull, !isUnread(name) else { return nil }
            let problem = problem(withUnknown: name, in: scope)
            problems.error(at: locations.position(of: writtenPath ?? path + [part]), problem)
        }
        return nil
    }

    /// Whether the type may well be declared where the file, or one that it imports, could not be read.
    private func isUnread(_ name: String) -> Bool {
        guard let unread = file.unreadTypes else { return true }
        return !unread.isEmpty
            && name.utf8.split(separator: UInt8(ascii: ".")).contains { unread.contains(String(Substring($0))) }
    }

    private func problem(withUnknown name: String, in scope: String) -> String {
        if case .found(let symbol, let fullName) = symbols.resolve(
            name, in: scope, visible: file.visible, typesOnly: false), !symbol.kind.isType
        {
            return "`\(fullName)` is \(symbol.kind.description), not a message or an enum"
        }
        if let file = WellKnownFiles.file(declaring: name) {
            return "unknown type `\(name)`; add `import \"\(file)\";`"
        }
        if !name.utf8.contains(UInt8(ascii: ".")),
            let file = WellKnownFiles.file(declaring: "google.protobuf." + name)
        {
            return "unknown type `\(name)`; write `google.protobuf.\(name)` and add `import \"\(file)\";`"
        }
        // A file with more unknown types than a person reads has another problem than misspelt names.
        guard problems.errors < 20 else { return "unknown type `\(name)`" }
        let candidates = symbols.typeNames(in: file.visible)
        return "unknown type `\(name)`" + hint(Suggestion.type(for: name, in: scope, among: candidates))
    }

    /// The message at the symbol, as it is written.
    func message(_ symbol: SymbolTable.Symbol) -> GoogleProtobuf.DescriptorProto {
        files[symbol.file].parsed.descriptor.message(at: symbol.path)
    }

    /// The enum at the symbol, as it is written.
    func enumeration(_ symbol: SymbolTable.Symbol) -> GoogleProtobuf.EnumDescriptorProto {
        files[symbol.file].parsed.descriptor.enumeration(at: symbol.path)
    }

    // MARK: Imports

    /// Positions in the list of imports.
    var unusedImports: [Int] {
        file.imports.indices.filter { position in
            guard let dependency = file.imports[position] else { return false }
            return used.isDisjoint(with: files[dependency].exported)
                && !file.parsed.descriptor.publicDependency.contains(Int32(position))
        }
    }

    private mutating func warnOfUnusedImports() {
        for position in unusedImports {
            problems.warning(
                at: locations.position(of: [FieldNumber.File.dependency, Int32(position)]),
                "`\(file.parsed.descriptor.dependency[position])` is imported but not used; remove the import")
        }
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    func message(at path: some Collection<Int32>) -> GoogleProtobuf.DescriptorProto {
        let indexes = path.enumerated().filter { $0.offset % 2 == 1 }.map { Int($0.element) }
        return indexes.dropFirst().reduce(messageType[indexes[0]]) { $0.nestedType[$1] }
    }

    func enumeration(at path: [Int32]) -> GoogleProtobuf.EnumDescriptorProto {
        let last = Int(path[path.count - 1])
        return path.count == 2 ? enumType[last] : message(at: path.dropLast(2)).enumType[last]
    }
}
