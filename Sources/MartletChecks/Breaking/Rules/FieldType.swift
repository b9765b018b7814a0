internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// The type of a field as two versions can be compared by it.
struct FieldType: Equatable, CustomStringConvertible {
    indirect enum Kind: Equatable {
        case scalar(GoogleProtobuf.FieldDescriptorProto.TypeEnum)
        /// By its name in the new version.
        case message(String)
        case enumeration(String)
        case map(key: FieldType, value: FieldType)
    }

    let kind: Kind
    /// Written between tags, as groups are.
    let isDelimited: Bool

    /// - Parameter newName: what the new version calls a type.
    init(_ field: Located<GoogleProtobuf.FieldDescriptorProto>, in version: SchemaVersion, newName: (String) -> String)
    {
        let descriptor = field.descriptor
        isDelimited = field.file.fieldRules(at: field.element.path).isDelimited
        if let entry = version.mapEntry(of: descriptor) {
            func part(_ index: Int32) -> FieldType {
                let element = Element(
                    descriptor: entry.descriptor.field[Int(index)], name: "", scope: entry.fullName,
                    path: entry.path + [PathNumber.Message.field, index])
                return FieldType(Located(element: element, file: field.file), in: version, newName: newName)
            }
            kind = .map(key: part(0), value: part(1))
        } else if let name = descriptor.typeName {
            kind = descriptor.type == .enum ? .enumeration(newName(name)) : .message(newName(name))
        } else {
            kind = .scalar(descriptor.type ?? .bytes)
        }
    }

    /// As in `.proto` text.
    var description: String {
        switch kind {
        case .scalar(let type): type.name ?? "an unknown type"
        case .message(let name): isDelimited ? "group \(name)" : name
        case .enumeration(let name): name
        case .map(let key, let value): "map<\(key), \(value)>"
        }
    }

    var isMap: Bool {
        if case .map = kind { true } else { false }
    }

    /// Whether each is read from the bytes and the JSON of the other, as far as the values fit. `includes` says whether
    /// an enum of the new version has all that one of the old version has.
    func isCompatible(with new: FieldType, includes: (_ new: String, _ old: String) -> Bool) -> Bool {
        guard isDelimited == new.isDelimited else { return false }
        switch (kind, new.kind) {
        case (.scalar(let old), .scalar(let new)):
            return old == new || Self.alike.contains { $0.contains(old) && $0.contains(new) }
        case (.enumeration(let old), .enumeration(let new)): return old == new || includes(new, old)
        case (.map(let oldKey, let oldValue), .map(let newKey, let newValue)):
            return oldKey.isCompatible(with: newKey, includes: includes)
                && oldValue.isCompatible(with: newValue, includes: includes)
        default: return kind == new.kind
        }
    }

    /// JSON writes 32-bit numbers as numbers and 64-bit ones as strings, so that these don't mix.
    private static let alike: [Set<GoogleProtobuf.FieldDescriptorProto.TypeEnum>] = [
        [.int32, .uint32], [.int64, .uint64], [.fixed32, .sfixed32], [.fixed64, .sfixed64],
    ]
}

extension SchemaVersion {
    /// The compiler's message behind `map<K, V>`, which has a key and a value.
    func mapEntry(of field: GoogleProtobuf.FieldDescriptorProto) -> SchemaMessage? {
        guard field.label == .repeated, let name = field.typeName, let message = schema.message(name),
            message.descriptor.options?.mapEntry == true, message.descriptor.field.count == 2
        else { return nil }
        return message
    }
}
