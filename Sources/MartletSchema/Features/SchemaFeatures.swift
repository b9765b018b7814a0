package import MartletDescriptors
package import MartletMessages

/// What holds for one declaration where syntaxes and editions differ: the `features` of editions, all decided.
package struct SchemaFeatures: Sendable, Hashable {
    package enum FieldPresence: Sendable {
        case explicit
        /// Set means other than zero.
        case implicit
        case legacyRequired
    }

    package enum EnumType: Sendable {
        case open
        /// Numbers that the enum doesn't name go to unknown fields.
        case closed
    }

    package enum RepeatedFieldEncoding: Sendable {
        case packed
        case expanded
    }

    package enum UTF8Validation: Sendable {
        case verify
        case none
    }

    package enum MessageEncoding: Sendable {
        case lengthPrefixed
        /// Between tags, as groups are.
        case delimited
    }

    package enum JSONFormat: Sendable {
        case allow
        /// Conflicts between JSON names are let pass.
        case legacyBestEffort
    }

    package var fieldPresence: FieldPresence
    package var enumType: EnumType
    package var repeatedFieldEncoding: RepeatedFieldEncoding
    package var utf8Validation: UTF8Validation
    package var messageEncoding: MessageEncoding
    package var jsonFormat: JSONFormat

    /// Without any choice of the file.
    package init(edition: GoogleProtobuf.Edition) {
        let isProto2 = edition == .proto2
        fieldPresence = edition == .proto3 ? .implicit : .explicit
        enumType = isProto2 ? .closed : .open
        repeatedFieldEncoding = isProto2 ? .expanded : .packed
        utf8Validation = isProto2 ? .none : .verify
        messageEncoding = .lengthPrefixed
        jsonFormat = isProto2 ? .legacyBestEffort : .allow
    }

    /// Takes over what `choices` chooses.
    mutating func merge(_ choices: GoogleProtobuf.FeatureSet?) {
        guard let choices else { return }
        switch choices.fieldPresence {
        case .explicit: fieldPresence = .explicit
        case .implicit: fieldPresence = .implicit
        case .legacyRequired: fieldPresence = .legacyRequired
        default: break
        }
        switch choices.enumType {
        case .open: enumType = .open
        case .closed: enumType = .closed
        default: break
        }
        switch choices.repeatedFieldEncoding {
        case .packed: repeatedFieldEncoding = .packed
        case .expanded: repeatedFieldEncoding = .expanded
        default: break
        }
        switch choices.utf8Validation {
        case .verify: utf8Validation = .verify
        case .some(.none): utf8Validation = .none
        default: break
        }
        switch choices.messageEncoding {
        case .lengthPrefixed: messageEncoding = .lengthPrefixed
        case .delimited: messageEncoding = .delimited
        default: break
        }
        switch choices.jsonFormat {
        case .allow: jsonFormat = .allow
        case .legacyBestEffort: jsonFormat = .legacyBestEffort
        default: break
        }
    }

    func merging(_ choices: GoogleProtobuf.FeatureSet?) -> Self {
        var result = self
        result.merge(choices)
        return result
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    /// The syntaxes before editions count as some; a file without either is proto2.
    package var rules: GoogleProtobuf.Edition {
        switch syntax {
        case "editions": edition ?? .edition2023
        case "proto3": .proto3
        default: .proto2
        }
    }

    var features: SchemaFeatures { SchemaFeatures(edition: rules).merging(options?.features) }
}
