internal import MartletDescriptors
internal import MartletMessages

extension BreakingRule {
    /// What may be removed on the wire if nothing else can take its place. At the level of the source any removal breaks.
    static let reservationRules = [
        BreakingRule(
            "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", [.wire], "No field is removed without reserving its number."
        ) { comparison in
            comparison.removedFields { field, message in
                let number = field.descriptor.number ?? 0
                guard !message.new.descriptor.reservedRange.contains(where: { $0.reserves(number) }) else { return nil }
                return "\(field.called) of message `\(message.old.element.fullName)` was removed: "
                    + "write `reserved \(number);`, or another field may be read as it"
            }
        },
        BreakingRule(
            "FIELD_NO_DELETE_UNLESS_NAME_RESERVED", [.wire],
            "No field is removed without reserving its name, which JSON uses."
        ) { comparison in
            comparison.removedFields { field, message in
                let isUsed = comparison.new.fields[message.new.element.fullName]?.contains {
                    $0.element.name == field.element.name
                }
                guard isUsed != true, !message.new.descriptor.reservedName.contains(field.element.name) else {
                    return nil
                }
                return "\(field.called) of message `\(message.old.element.fullName)` was removed: "
                    + "write `reserved \"\(field.element.name)\";`, or JSON may read another field as it"
            }
        },
        BreakingRule(
            "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", [.wire],
            "No value of an enum is removed without reserving its number."
        ) { comparison in
            comparison.removedValues { value, enumeration in
                let number = value.descriptor.number ?? 0
                guard !enumeration.new.descriptor.reservedRange.contains(where: { $0.reserves(number) }) else {
                    return nil
                }
                return "value \(value.called) of enum `\(enumeration.old.element.fullName)` was removed: "
                    + "write `reserved \(number);`, or another value may be read as it"
            }
        },
        BreakingRule(
            "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", [.wire],
            "No value of an enum is removed without reserving its name, which JSON uses."
        ) { comparison in
            comparison.removedValues { value, enumeration in
                let isUsed = comparison.new.values[enumeration.new.element.fullName]?.contains {
                    $0.element.name == value.element.name
                }
                guard isUsed != true, !enumeration.new.descriptor.reservedName.contains(value.element.name) else {
                    return nil
                }
                return "value \(value.called) of enum `\(enumeration.old.element.fullName)` was removed: "
                    + "write `reserved \"\(value.element.name)\";`, or JSON may read another value as it"
            }
        },
    ]
}

extension GoogleProtobuf.DescriptorProto.ReservedRange {
    /// The end is behind the last number.
    fileprivate func reserves(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}

extension GoogleProtobuf.EnumDescriptorProto.EnumReservedRange {
    /// The end is the last number.
    fileprivate func reserves(_ number: Int32) -> Bool { (start ?? 0) <= number && number <= (end ?? 0) }
}
