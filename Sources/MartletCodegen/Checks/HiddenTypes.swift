internal import MartletSchema

/// Finds types that can't be named where they are used, because a nested type has the same name there.
struct HiddenTypes {
    private let names: TypeNames
    private(set) var diagnostics: [SchemaDiagnostic] = []

    init(names: TypeNames, files: [FileModel]) {
        self.names = names
        for file in files {
            for message in file.messages { check(message, hiding: [:]) }
        }
    }

    /// `hiding`: what the enclosing messages declare, by Swift name.
    private mutating func check(_ message: MessageModel, hiding outer: [String: SourcePlace]) {
        var hiding = outer
        for nested in message.messages { hiding[nested.swiftName] = nested.documentation.place }
        for nested in message.enums { hiding[nested.swiftName] = nested.documentation.place }
        for field in message.fields {
            switch field.type {
            case .scalar: break
            case .enum(let type), .message(let type):
                let name = names[type]
                guard name.qualifier == nil, let outermost = name.path.first, let other = hiding[outermost] else {
                    continue
                }
                diagnostics.append(
                    field.documentation.place.error(
                        "in Swift, \"\(outermost)\" means the nested type (\(other)) here and not \"\(type)\": "
                            + "rename one, or set `option swift_prefix`"))
            }
        }
        for nested in message.messages { check(nested, hiding: hiding) }
    }
}
