internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// What the rules about fields ask.
extension Comparison {
    /// The types if they differ. A field that became a map, or stopped being one, changed more than its type.
    func typeChange(of field: Pair<Field>) -> (old: FieldType, new: FieldType)? {
        let types = (
            old: FieldType(field.old, in: old, newName: newName(ofType:)),
            new: FieldType(field.new, in: new) { String($0.dropFirst()) }
        )
        guard types.old != types.new, types.old.isMap == types.new.isMap else { return nil }
        return types
    }

    /// The cardinalities if they differ, apart from what follows from becoming required or moving into a oneof, which
    /// have rules of their own.
    func cardinalityChange(of field: Pair<Field>) -> (old: Cardinality, new: Cardinality)? {
        let cardinalities = (old: Cardinality(field.old, in: old), new: Cardinality(field.new, in: new))
        guard cardinalities.old != cardinalities.new else { return nil }
        let isExplained =
            [field.old, field.new].contains { $0.rules.presence == .required }
            || (old.oneof(of: field.old) == nil) != (new.oneof(of: field.new) == nil)
        return isExplained && cardinalities.old.count == cardinalities.new.count ? nil : cardinalities
    }

    /// The oneofs if they differ, other than by name: a oneof is that of the new version which has the first of its
    /// fields.
    func oneofChange(of field: Pair<Field>) -> (old: String?, new: String?)? {
        let oneofs = (old: old.oneof(of: field.old), new: new.oneof(of: field.new))
        var successor: String?
        if let oneof = oneofs.old {
            let siblings = (old.fields[field.old.element.scope] ?? []).filter { old.oneof(of: $0) == oneof }
            let candidates = new.fields[field.new.element.scope] ?? []
            let kept = siblings.lazy.compactMap { sibling in
                candidates.first { $0.descriptor.number == sibling.descriptor.number }
            }
            successor = kept.lazy.compactMap { new.oneof(of: $0) }.first
            if successor == nil { return oneofs }
        }
        return successor == oneofs.new ? nil : oneofs
    }

    /// Whether an enum of the new version has all names and numbers of one of the old version.
    func enumeration(_ new: String, includes old: String) -> Bool {
        func values(_ version: SchemaVersion, _ name: String) -> Set<[String]> {
            Set((version.values[name] ?? []).map { [$0.element.name, "\($0.descriptor.number ?? 0)"] })
        }
        return values(self.old, old).isSubset(of: values(self.new, new))
    }
}

extension Located<GoogleProtobuf.FieldDescriptorProto> {
    var rules: FieldRules { file.fieldRules(at: element.path) }

    /// Where in the field its type is written.
    var typePart: [Int32] { [descriptor.typeName == nil ? PathNumber.Field.type : PathNumber.Field.typeName] }

    /// Extensions go by their full name in brackets.
    var nameInJSON: String {
        descriptor.extendee == nil ? descriptor.jsonName ?? element.name : "[\(element.fullName)]"
    }
}

extension Pair<GoogleProtobuf.FieldDescriptorProto> {
    /// By its new name, with what it belongs to.
    var called: String {
        let owner = new.descriptor.extendee.map { String($0.dropFirst()) } ?? new.element.scope
        return "\(new.called) of message `\(owner)`"
    }
}
