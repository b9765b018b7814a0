/// The Swift types and default values of fields.
struct Spelling {
    let style: Style
    let scopes: TypeScopes
    /// The first case of every enum, by full protobuf name.
    private let firstCases: [String: String]

    init(style: Style, scopes: TypeScopes, files: [FileModel]) {
        self.style = style
        self.scopes = scopes
        firstCases = files.reduce(into: [:]) { cases, file in
            for model in file.enums + file.messages.flatMap(\.allEnums) {
                cases[model.fullName] = model.values.first?.swiftName
            }
        }
    }

    /// The type of one value, as it is written inside the message `scope`; nil stands for outside of all messages.
    func type(_ type: ValueType, in scope: String?) -> String {
        switch type {
        case .scalar(let scalar): scalar.swiftType
        // Types that can't be named have stopped generation.
        case .enum(let name), .message(let name): scopes.spelling(of: name, in: scope) ?? name
        }
    }

    /// The type of the field's property in `message`.
    func property(_ field: FieldModel, in message: String) -> String {
        let type = type(field.type, in: message)
        return switch field.cardinality {
        case .implicit, .required: type
        case .optional: "\(type)?"
        case .repeated: "[\(type)]"
        case .map(let key): "[\(key.swiftType): \(type)]"
        }
    }

    /// What the property is in a message without content.
    func defaultValue(_ field: FieldModel) -> String {
        switch field.cardinality {
        case .optional: "nil"
        case .repeated: "[]"
        case .map: "[:]"
        case .implicit, .required:
            switch field.type {
            case .scalar(let scalar): scalar.zero
            case .enum(let name): ".\(firstCases[name] ?? "")"
            case .message: ".init()"
            }
        }
    }
}

extension MessageModel {
    fileprivate var allEnums: [EnumModel] { enums + messages.flatMap(\.allEnums) }
}
