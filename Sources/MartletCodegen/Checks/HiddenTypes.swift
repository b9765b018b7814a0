internal import MartletSchema

/// Finds types that can't be named where they are used, because a nested type has the same name there.
struct HiddenTypes {
    let diagnostics: [SchemaDiagnostic]

    init(scopes: TypeScopes, files: [FileModel]) {
        diagnostics = files.flatMap(\.messages).flatMap(\.withNested).flatMap { message in
            message.fields.compactMap { field in
                guard let type = field.type.name, scopes.spelling(of: type, in: message.fullName) == nil else {
                    return nil
                }
                let hidden = scopes.names[type].path[0]
                return field.documentation.place.error(
                    "in Swift, \"\(hidden)\" means a nested type here and not what holds \"\(type)\": "
                        + "rename the nested type, or set `option swift_prefix`")
            }
        }
    }
}
