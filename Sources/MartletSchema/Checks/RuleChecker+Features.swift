internal import MartletDescriptors
internal import MartletMessages

extension RuleChecker {
    private typealias Number = FieldNumber.Field

    mutating func checkFileFeatures() {
        guard rules != .proto2, rules != .proto3 else { return }
        if file.options?.features?.fieldPresence == .legacyRequired {
            error(
                at: FieldNumber.File.options, FieldNumber.FileOption.features, 1,
                message: "not every field of a file can be required; choose it field by field")
        }
        if file.options?.javaStringCheckUtf8 == true {
            error(
                at: FieldNumber.File.options, FieldNumber.FileOption.javaStringCheckUTF8,
                message: "editions have no `java_string_check_utf8`; remove it")
        }
    }

    /// What a field chooses has to matter for it.
    mutating func checkFeatures(of field: GoogleProtobuf.FieldDescriptorProto, isMap: Bool) {
        guard rules != .proto2, rules != .proto3 else { return }
        let rules = FieldRules(field, features: features, isInMap: isMap)
        if rules.presence == .implicit, field.defaultValue != nil {
            error(at: Number.defaultValue, message: "a field with implicit presence has no default; remove it")
        }
        guard let choices = field.options?.features else { return }
        if let presence = choices.fieldPresence, let problem = problem(with: presence, of: field) {
            error(at: Number.options, FieldNumber.FieldOption.features, 1, message: problem)
        }
        if let encoding = choices.repeatedFieldEncoding {
            if field.label != .repeated {
                report(3, "only repeated fields have a `repeated_field_encoding`; remove it")
            } else if encoding == .packed, !field.isPackable {
                report(3, "only repeated numbers, bools and enums can be PACKED; remove it")
            }
        }
        if choices.utf8Validation != nil, field.type != .string, !(isMap && hasStrings(field)) {
            report(4, "only strings have a `utf8_validation`; remove it")
        }
        if choices.messageEncoding != nil, field.type != .message || isMap {
            report(5, "only message fields have a `message_encoding`; remove it")
        }
    }

    private mutating func report(_ feature: Int32, _ problem: String) {
        error(at: Number.options, FieldNumber.FieldOption.features, feature, message: problem)
    }

    private func problem(
        with presence: GoogleProtobuf.FeatureSet.FieldPresence, of field: GoogleProtobuf.FieldDescriptorProto
    ) -> String? {
        if field.oneofIndex != nil { return "the fields of a oneof have no `field_presence`; remove it" }
        if field.label == .repeated { return "repeated fields have no `field_presence`; remove it" }
        if field.extendee != nil {
            return presence == .legacyRequired
                ? "an extension can't be required; remove the `field_presence`"
                : "extensions have no `field_presence`; remove it"
        }
        if field.type == .message, presence == .implicit { return "a message can't have implicit presence; remove it" }
        return nil
    }

    private func hasStrings(_ map: GoogleProtobuf.FieldDescriptorProto) -> Bool {
        guard let entry = map.typeName?.dropFirst(), let symbol = symbols[String(entry)] else { return false }
        return symbols.linked(symbol.file).message(at: symbol.path).field.contains { $0.type == .string }
    }
}
