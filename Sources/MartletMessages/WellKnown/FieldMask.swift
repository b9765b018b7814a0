/// Paths name fields as the `.proto` file does (`address.zip_code`). A path stands for its field and all below it.
extension GoogleProtobuf.FieldMask: ExpressibleByArrayLiteral {
    public init(arrayLiteral paths: String...) { self.init(paths: paths) }

    /// All fields of a message.
    public init<M: GeneratedMessage>(allFieldsOf _: M.Type) { self.init(paths: M.table.fields.map(\.name)) }

    /// Whether the mask holds this path or one above it.
    public func contains(_ path: String) -> Bool { paths.contains { path.isPath(atOrBelow: $0) } }

    /// Sorted, and without paths that others stand for.
    public var normalized: GoogleProtobuf.FieldMask {
        var kept: [String] = []
        for path in paths.sorted(by: { $0.pathParts.lexicographicallyPrecedes($1.pathParts) }) {
            if let last = kept.last, path.isPath(atOrBelow: last) { continue }
            kept.append(path)
        }
        return GoogleProtobuf.FieldMask(paths: kept)
    }

    /// What either mask holds; normalized.
    public func union(_ other: GoogleProtobuf.FieldMask) -> GoogleProtobuf.FieldMask {
        GoogleProtobuf.FieldMask(paths: paths + other.paths).normalized
    }

    /// What both masks hold; normalized.
    public func intersection(_ other: GoogleProtobuf.FieldMask) -> GoogleProtobuf.FieldMask {
        GoogleProtobuf.FieldMask(paths: paths.filter(other.contains) + other.paths.filter(contains)).normalized
    }

    /// The paths that are no fields of a message. Only singular messages have fields below them.
    public func invalidPaths<M: GeneratedMessage>(for _: M.Type) -> [String] {
        paths.filter { M.table.fields(along: $0) == nil }
    }

    /// Whether every path leads to a field of the type.
    public func isValid<M: GeneratedMessage>(for type: M.Type) -> Bool { invalidPaths(for: type).isEmpty }
}

extension String {
    fileprivate var pathParts: [Substring] { split(separator: ".", omittingEmptySubsequences: false) }

    fileprivate func isPath(atOrBelow other: String) -> Bool {
        utf8.elementsEqual(other.utf8) || hasPrefix(other + ".")
    }
}

extension MessageTable {
    /// The fields that a path leads through; nil where it leads nowhere.
    func fields(along path: String) -> [Field]? {
        var table: MessageTable? = self
        var found: [Field] = []
        for name in path.pathParts {
            guard let field = table?.fields.first(where: { $0.name == name }) else { return nil }
            found.append(field)
            table = field.singularMessage
        }
        return found
    }
}

extension MessageTable.Field {
    var singularMessage: MessageTable? {
        switch (presence, kind) {
        case (.repeated, _), (.map, _): nil
        case (_, .message(let table)), (_, .group(let table)): table
        default: nil
        }
    }
}
