/// The Swift types and default values of fields.
struct Spelling {
    let style: Style
    let names: TypeNames
    /// The first case of every enum, by full protobuf name.
    private let firstCases: [String: String]

    init(style: Style, names: TypeNames, files: [FileModel]) {
        self.style = style
        self.names = names
        firstCases = files.reduce(into: [:]) { cases, file in
            for model in file.enums + file.messages.flatMap(\.allEnums) {
                cases[model.fullName] = model.values.first?.swiftName
            }
        }
    }

    func type(_ type: ValueType) -> String {
        switch type {
        case .scalar(let scalar): scalar.swiftType
        case .enum(let name), .message(let name): names[name].spelled
        }
    }

    /// The type of the field's property.
    func property(_ field: FieldModel) -> String {
        let type = type(field.type)
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
