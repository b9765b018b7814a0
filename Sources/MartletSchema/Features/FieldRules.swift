internal import MartletDescriptors
internal import MartletMessages

/// How a field behaves, whatever the syntax or edition of its file.
package struct FieldRules: Sendable, Hashable {
    package enum Presence: Sendable {
        /// Set means other than zero.
        case implicit
        /// Known apart from the value. So are messages, the fields of a oneof and extensions.
        case explicit
        case required
        /// A list or a map, which is only empty or not.
        case repeated
    }

    package let presence: Presence
    /// The values share one tag on the wire.
    package let isPacked: Bool
    /// A message between tags, as groups are; its type in the descriptor may be either.
    package let isDelimited: Bool
    /// A string that has to be UTF-8. Strings are in proto3, and in editions unless they say otherwise.
    package let validatesUTF8: Bool

    /// - Parameters:
    ///   - features: those at the field.
    ///   - isInMap: the field is written `map<K, V>`, or it is the key or the value of one.
    init(_ field: GoogleProtobuf.FieldDescriptorProto, features: SchemaFeatures, isInMap: Bool) {
        let isMessage = field.type == .message || field.type == .group
        presence =
            if field.label == .repeated {
                .repeated
            } else if field.label == .required {
                .required
            } else if field.oneofIndex != nil {
                .explicit
            } else if features.fieldPresence == .legacyRequired, field.extendee == nil {
                .required
            } else {
                isMessage || field.extendee != nil || features.fieldPresence == .explicit ? .explicit : .implicit
            }
        isPacked = field.isPackable && (field.options?.packed ?? (features.repeatedFieldEncoding == .packed))
        isDelimited =
            field.type == .group
            || field.type == .message && features.messageEncoding == .delimited && !isInMap
        validatesUTF8 = field.type == .string && features.utf8Validation == .verify
    }
}
