internal import MartletDescriptors
internal import MartletMessages

/// Every name declared in the files of one compilation, by full name.
final class SymbolTable {
    enum Kind {
        case message
        case enumeration
        case enumValue
        case field
        case `extension`
        case oneof
        case service
        case method
        case package

        var isType: Bool { self == .message || self == .enumeration }
        /// Whether names are declared inside.
        var isScope: Bool { isType || self == .package || self == .service }

        var description: String {
            switch self {
            case .message: "a message"
            case .enumeration: "an enum"
            case .enumValue: "an enum value"
            case .field: "a field"
            case .extension: "an extension"
            case .oneof: "a oneof"
            case .service: "a service"
            case .method: "a method"
            case .package: "a package"
            }
        }
    }

    struct Symbol {
        let kind: Kind
        /// Of the file in the loader's list; for packages, the first file that has it.
        let file: Int
        /// In the file, as in `SourceCodeInfo`; empty for packages.
        let path: [Int32]
    }

    enum Resolution {
        case found(Symbol, fullName: String)
        /// Declared in a file that the asking one doesn't import.
        case hidden(Symbol, fullName: String)
        /// The first part of the name is declared closer by, as `scope`, and has nothing of that name.
        case shadowed(scope: String)
        case missing
    }

    private var symbols: [String: Symbol] = [:]
    /// The answer for the file at hand, which asks once for each of its unknown types.
    private var knownTypeNames: (files: Set<Int>, count: Int, names: [String])?
    /// The files of each package, the enclosing packages included.
    private var packageFiles: [String: Set<Int>] = [:]
    /// Numbers in use, by extended message: the extension's full name.
    private var extensionNumbers: [String: [Int32: String]] = [:]
    private var linkedFiles: [Int: GoogleProtobuf.FileDescriptorProto] = [:]

    subscript(fullName: String) -> Symbol? { symbols[fullName] }

    /// The full names of the messages and enums of these files.
    func typeNames(in files: Set<Int>) -> [String] {
        if let known = knownTypeNames, known.files == files, known.count == symbols.count { return known.names }
        let names = symbols.filter { $0.value.kind.isType && files.contains($0.value.file) }.keys.sorted()
        knownTypeNames = (files, symbols.count, names)
        return names
    }

    /// Returns what has the name already, if anything.
    func declare(_ fullName: String, _ symbol: Symbol) -> Symbol? {
        guard let existing = symbols.updateValue(symbol, forKey: fullName) else { return nil }
        symbols[fullName] = existing
        return existing
    }

    /// Declares a package and those around it; returns the name among them that is something else already.
    func declarePackage(_ name: String, file: Int) -> (name: String, symbol: Symbol)? {
        var name = name
        while !name.isEmpty {
            if let existing = symbols[name], existing.kind != .package { return (name, existing) }
            if symbols[name] == nil { symbols[name] = Symbol(kind: .package, file: file, path: []) }
            packageFiles[name, default: []].insert(file)
            name = Names.scope(of: name)
        }
        return nil
    }

    /// Returns the extension that has the number already, if any.
    func declareExtension(_ fullName: String, number: Int32, of message: String) -> String? {
        if let existing = extensionNumbers[message]?[number] { return existing }
        extensionNumbers[message, default: [:]][number] = fullName
        return nil
    }

    /// The file at this index of the loader's list, its names resolved.
    func linked(_ file: Int) -> GoogleProtobuf.FileDescriptorProto { linkedFiles[file]! }

    func keep(_ linked: GoogleProtobuf.FileDescriptorProto, file: Int) {
        linkedFiles[file] = linked
    }

    /// Finds what `name`, written inside `scope`, means: the innermost scope that declares its first part decides.
    func resolve(_ name: String, in scope: String, visible: Set<Int>, typesOnly: Bool) -> Resolution {
        if name.utf8.first == UInt8(ascii: ".") {
            return lookUp(String(name.dropFirst()), visible: visible)
        }
        let firstDot = name.utf8.firstIndex(of: UInt8(ascii: "."))
        let first = firstDot.map { String(name[..<$0]) } ?? name
        var hidden: Resolution?
        var scope = scope
        while true {
            let candidate = Names.join(scope, first)
            switch lookUp(candidate, visible: visible) {
            case .found(let symbol, _):
                if firstDot == nil {
                    if !typesOnly || symbol.kind.isType { return .found(symbol, fullName: candidate) }
                } else if symbol.kind.isScope {
                    let fullName = Names.join(scope, name)
                    if case .missing = lookUp(fullName, visible: visible) { return .shadowed(scope: candidate) }
                    return lookUp(fullName, visible: visible)
                }
            case .hidden:
                if hidden == nil,
                    case .hidden(let symbol, let fullName) = lookUp(Names.join(scope, name), visible: visible)
                {
                    hidden = .hidden(symbol, fullName: fullName)
                }
            case .shadowed, .missing:
                break
            }
            if scope.isEmpty { return hidden ?? .missing }
            scope = Names.scope(of: scope)
        }
    }

    private func lookUp(_ fullName: String, visible: Set<Int>) -> Resolution {
        guard let symbol = symbols[fullName] else { return .missing }
        let isVisible =
            symbol.kind == .package
            ? !visible.isDisjoint(with: packageFiles[fullName] ?? []) : visible.contains(symbol.file)
        return isVisible ? .found(symbol, fullName: fullName) : .hidden(symbol, fullName: fullName)
    }
}
