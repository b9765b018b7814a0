/// The Swift types and default values of fields.
struct Spelling {
    let style: Style
    let scopes: TypeScopes
    /// By full protobuf name.
    private let enums: [String: EnumModel]

    init(style: Style, scopes: TypeScopes, files: [FileModel]) {
        self.style = style
        self.scopes = scopes
        enums = files.reduce(into: [:]) { enums, file in
            for model in file.enums + file.messages.flatMap(\.allEnums) { enums[model.fullName] = model }
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

    /// A message's type, as it is written outside of all messages.
    func message(_ fullName: String) -> String { type(.message(fullName), in: nil) }

    /// The type of the field's property, as it is written inside the message `scope`.
    func property(_ field: FieldModel, in scope: String?) -> String {
        let type = type(field.type, in: scope)
        return switch field.cardinality {
        case .implicit, .required: type
        case .optional: "\(type)?"
        case .repeated: "[\(type)]"
        case .map(let key): "[\(key.swiftType): \(type)]"
        }
    }

    /// The field's type as tables have it, with Swift types as they are written inside the message `scope`.
    func rowType(_ field: FieldModel, in scope: String?) -> String {
        switch field.type {
        case .scalar(let scalar): ".\(scalar.rawValue)"
        case .enum: ".enum(\(type(field.type, in: scope)).self)"
        case .message: ".\(field.isDelimited ? "group" : "message")(\(type(field.type, in: scope)).self)"
        }
    }

    /// Whether the field is an enum without other numbers than the declared ones.
    func isClosedEnum(_ type: ValueType) -> Bool {
        if case .enum(let name) = type { enums[name]?.isClosed ?? false } else { false }
    }

    /// What the property is in a message without content.
    func defaultValue(_ field: FieldModel) -> String {
        switch field.cardinality {
        case .optional: "nil"
        case .repeated: "[]"
        case .map: "[:]"
        case .implicit, .required:
            defaultOfValue(field)
        }
    }

    /// What a singular field means where it isn't set.
    func defaultOfValue(_ field: FieldModel) -> String { explicitDefault(field) ?? zero(field.type) }

    /// The default that the schema gives, for fields that have one.
    func explicitDefault(_ field: FieldModel) -> String? {
        guard let text = field.defaultText else { return nil }
        return switch field.type {
        case .scalar(let scalar): DefaultValue(text: text).literal(scalar)
        case .enum(let name): enums[name]?.values.first { $0.protoName == text }.map { ".\($0.swiftName)" }
        case .message: nil
        }
    }

    /// The default of a string that doesn't fit on a line, in lines for a literal of several.
    func longDefault(_ field: FieldModel) -> [String]? {
        guard case .scalar(.string) = field.type, let text = field.defaultText, text.count > 60 else { return nil }
        return stride(from: 0, to: text.count, by: 80).map { Style.escaped(String(text.dropFirst($0).prefix(80))) }
    }

    private func zero(_ type: ValueType) -> String {
        switch type {
        case .scalar(let scalar): scalar.zero
        case .enum(let name): ".\(enums[name]?.values.first?.swiftName ?? "")"
        case .message: ".init()"
        }
    }
}

extension MessageModel {
    fileprivate var allEnums: [EnumModel] { enums + messages.flatMap(\.allEnums) }
}
