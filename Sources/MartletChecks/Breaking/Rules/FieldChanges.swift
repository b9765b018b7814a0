internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension BreakingRule {
    static let fieldRules = [
        BreakingRule(
            "FIELD_SAME_NAME", [.source], "No field gets another name.", each: \.fields,
            problem: { field, _ in
                let (old, new) = (field.old.element.name, field.new.element.name)
                return old == new ? nil : "\(field.called) was called `\(old)`"
            }),
        BreakingRule(
            "FIELD_SAME_JSON_NAME", [.wire, .source], "No field gets another name in JSON.", each: \.fields,
            problem: { field, _ in
                let (old, new) = (field.old.nameInJSON, field.new.nameInJSON)
                return old == new ? nil : "\(field.called) was `\(old)` in JSON and is `\(new)` now"
            }),
        BreakingRule("FIELD_SAME_TYPE", [.source], "No field gets another type.") { comparison in
            comparison.fields.compactMap { field in
                guard let change = comparison.typeChange(of: field) else { return nil }
                return BreakingChange(
                    at: field.new, part: field.new.typePart,
                    "\(field.called) was `\(change.old)` and is `\(change.new)` now")
            }
        },
        BreakingRule(
            "FIELD_WIRE_JSON_COMPATIBLE_TYPE", [.wire], "No field gets a type whose bytes or JSON are others."
        ) { comparison in
            comparison.fields.compactMap { field in
                guard let change = comparison.typeChange(of: field),
                    !change.old.isCompatible(with: change.new, includes: comparison.enumeration(_:includes:))
                else { return nil }
                return BreakingChange(
                    at: field.new, part: field.new.typePart,
                    "\(field.called) was `\(change.old)` and is `\(change.new)` now, which is written in another way")
            }
        },
        BreakingRule(
            "FIELD_SAME_CARDINALITY", [.source], "No field changes between optional, singular, repeated and map.",
            each: \.fields, at: [PathNumber.Field.label],
            problem: { field, comparison in
                comparison.cardinalityChange(of: field).map { "\(field.called) was \($0.old) and is \($0.new) now" }
            }),
        BreakingRule(
            "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", [.wire], "No field changes between one value, many and a map.",
            each: \.fields, at: [PathNumber.Field.label],
            problem: { field, comparison in
                guard let change = comparison.cardinalityChange(of: field), change.old.count != change.new.count else {
                    return nil
                }
                return "\(field.called) was \(change.old) and is \(change.new) now"
            }),
        BreakingRule(
            "FIELD_SAME_ONEOF", [.wire, .source], "No field moves into, out of or between oneofs.", each: \.fields,
            problem: { field, comparison in
                func place(_ oneof: String?) -> String { oneof.map { "in oneof `\($0)`" } ?? "in no oneof" }
                return comparison.oneofChange(of: field).map {
                    "\(field.called) was \(place($0.old)) and is \(place($0.new)) now"
                }
            }),
        BreakingRule(
            "FIELD_SAME_DEFAULT", [.wire, .source], "No field gets another default.", each: \.fields,
            at: [PathNumber.Field.defaultValue],
            problem: { field, _ in
                func shown(_ value: String?) -> String { value.map { "the default `\($0)`" } ?? "no default" }
                let (old, new) = (field.old.descriptor.defaultValue, field.new.descriptor.defaultValue)
                return old == new ? nil : "\(field.called) had \(shown(old)) and has \(shown(new)) now"
            }),
        BreakingRule(
            "FIELD_SAME_UTF8_VALIDATION", [.wire, .source], "No string changes between having to be UTF-8 and not.",
            each: \.fields,
            problem: { field, _ in
                guard field.old.descriptor.type == .string, field.new.descriptor.type == .string else { return nil }
                let (old, new) = (field.old.rules.validatesUTF8, field.new.rules.validatesUTF8)
                guard old != new else { return nil }
                return new
                    ? "\(field.called) has to be UTF-8 now, and had not: what was written before may be refused"
                    : "\(field.called) had to be UTF-8, and has not now: older readers may refuse what is written"
            }),
        BreakingRule(
            "MESSAGE_SAME_REQUIRED_FIELDS", [.wire, .source], "No required field is added or goes.",
            check: changedRequirements),
    ]

    private static func changedRequirements(_ comparison: Comparison) -> [BreakingChange] {
        comparison.messages.flatMap { message -> [BreakingChange] in
            let old = (comparison.old.fields[message.old.element.fullName] ?? []).filter {
                $0.rules.presence == .required
            }
            let new = comparison.new.fields[message.new.element.fullName] ?? []
            let added = new.filter { field in
                field.rules.presence == .required && !old.contains { $0.descriptor.number == field.descriptor.number }
            }
            let dropped = old.filter { field in
                !new.contains { $0.descriptor.number == field.descriptor.number && $0.rules.presence == .required }
            }
            return added.map {
                BreakingChange(at: $0, "\($0.called) is required now: messages written before are refused")
            }
                + dropped.map { field in
                    let text = "\(field.called) was required and isn't now: older readers refuse messages without it"
                    let kept = new.first { $0.descriptor.number == field.descriptor.number }
                    return kept.map { BreakingChange(at: $0, text) } ?? BreakingChange(at: message.new, text)
                }
        }
    }
}
