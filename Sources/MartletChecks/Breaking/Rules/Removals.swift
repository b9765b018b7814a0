internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension BreakingRule {
    static let removalRules = [
        BreakingRule("MESSAGE_NO_DELETE", [.source], "No message is removed.") { comparison in
            comparison.removed(comparison.old.messages, comparison.new.messages, "message")
        },
        BreakingRule("ENUM_NO_DELETE", [.source], "No enum is removed.") { comparison in
            comparison.removed(comparison.old.enums, comparison.new.enums, "enum")
        },
        BreakingRule("SERVICE_NO_DELETE", [.wire, .source], "No service is removed.") { comparison in
            comparison.removed(comparison.old.services, comparison.new.services, "service")
        },
        BreakingRule("RPC_NO_DELETE", [.wire, .source], "No method is removed.") { comparison in
            comparison.removed(
                from: comparison.services, old: comparison.old.methods, new: comparison.new.methods, key: \.element.name
            ) { "method `\($0.element.name)` of service `\($1)` was removed" }
        },
        BreakingRule("ONEOF_NO_DELETE", [.source], "No oneof is removed or renamed.") { comparison in
            comparison.removed(
                from: comparison.messages, old: comparison.old.oneofs, new: comparison.new.oneofs, key: \.element.name
            ) { "oneof `\($0.element.name)` of message `\($1)` was removed" }
        },
        BreakingRule("FIELD_NO_DELETE", [.source], "No field is removed or gets another number.") { comparison in
            comparison.removedFields { field, message in
                let successor = comparison.new.fields[message.new.element.fullName]?.first {
                    $0.element.name == field.element.name
                }
                return "\(field.called) of message `\(message.old.element.fullName)` "
                    + (successor.map { "has number \($0.descriptor.number ?? 0) now" } ?? "was removed")
            }
        },
        BreakingRule("EXTENSION_NO_DELETE", [.source], "No extension is removed or gets another number.") {
            comparison in
            let kept = Set(comparison.fields.filter { $0.old.descriptor.extendee != nil }.map(\.old.element.fullName))
            return comparison.old.extensions.values.filter { $0.file.isRoot && !kept.contains($0.element.fullName) }
                .map { field in
                    BreakingChange(
                        in: field.file, comparison,
                        "extension `\(field.element.fullName)` with number \(field.descriptor.number ?? 0) of "
                            + "`\((field.descriptor.extendee ?? "").dropFirst())` was removed")
                }
        },
        BreakingRule("ENUM_VALUE_NO_DELETE", [.source], "No value of an enum is removed or gets another number.") {
            comparison in
            comparison.removedValues { value, enumeration in
                let successor = comparison.new.values[enumeration.new.element.fullName]?.first {
                    $0.element.name == value.element.name
                }
                return "value \(value.called) of enum `\(enumeration.old.element.fullName)` "
                    + (successor.map { "is \($0.descriptor.number ?? 0) now" } ?? "was removed")
            }
        },
    ]
}

extension Comparison {
    /// Types or services that are gone; of nested ones only the outermost.
    fileprivate func removed<Descriptor>(
        _ old: [String: Located<Descriptor>], _ new: [String: Located<Descriptor>], _ kind: String
    ) -> [BreakingChange] {
        old.values.filter { $0.file.isRoot && new[newName(of: $0)] == nil }.compactMap { located in
            let message = "\(kind) `\(located.element.fullName)` was removed"
            guard let outer = self.old.messages[located.element.scope] else {
                return BreakingChange(in: located.file, self, message)
            }
            return self.new.messages[newName(of: outer)].map { BreakingChange(at: $0, message) }
        }
    }

    /// Members of what is in both versions that the new one has none of the same key for.
    func removed<Owner, Member, Key: Hashable>(
        from owners: [Pair<Owner>], old: [String: [Located<Member>]], new: [String: [Located<Member>]],
        key: (Located<Member>) -> Key, message: (Located<Member>, _ owner: String) -> String?
    ) -> [BreakingChange] {
        owners.flatMap { owner in
            let kept = Set((new[owner.new.element.fullName] ?? []).map(key))
            return (old[owner.old.element.fullName] ?? []).filter { !kept.contains(key($0)) }.compactMap { member in
                message(member, owner.old.element.fullName).map { BreakingChange(at: owner.new, $0) }
            }
        }
    }

    func removedFields(
        message: (Located<Field>, Pair<GoogleProtobuf.DescriptorProto>) -> String?
    ) -> [BreakingChange] {
        messages.flatMap { pair in
            removed(from: [pair], old: old.fields, new: new.fields, key: \.descriptor.number) { field, _ in
                message(field, pair)
            }
        }
    }

    func removedValues(
        message: (Located<GoogleProtobuf.EnumValueDescriptorProto>, Pair<GoogleProtobuf.EnumDescriptorProto>) -> String?
    ) -> [BreakingChange] {
        enums.flatMap { pair in
            removed(from: [pair], old: old.values, new: new.values, key: \.descriptor.number) { value, _ in
                message(value, pair)
            }
        }
    }
}

extension Located<GoogleProtobuf.FieldDescriptorProto> {
    /// Such as "field 3 `email`".
    var called: String {
        "\(descriptor.extendee == nil ? "field" : "extension") \(descriptor.number ?? 0) `\(element.name)`"
    }
}

extension Located<GoogleProtobuf.EnumValueDescriptorProto> {
    /// Such as "3 `STATE_OPEN`".
    var called: String { "\(descriptor.number ?? 0) `\(element.name)`" }
}
