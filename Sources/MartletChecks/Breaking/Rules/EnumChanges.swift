internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension BreakingRule {
    static let enumRules = [
        BreakingRule("ENUM_VALUE_SAME_NAME", [.wire, .source], "No value of an enum gets another name.") { comparison in
            comparison.enums.flatMap { enumeration -> [BreakingChange] in
                let new = comparison.new.values[enumeration.new.element.fullName] ?? []
                let old = comparison.old.values[enumeration.old.element.fullName] ?? []
                return old.compactMap { value -> BreakingChange? in
                    // A number may have several names.
                    let same = new.filter { $0.descriptor.number == value.descriptor.number }
                    guard let first = same.first, !same.contains(where: { $0.element.name == value.element.name })
                    else {
                        return nil
                    }
                    return BreakingChange(
                        at: first,
                        "value \(first.called) of enum `\(enumeration.new.element.fullName)` was called "
                            + "`\(value.element.name)`")
                }
            }
        },
        BreakingRule(
            "ENUM_SAME_TYPE", [.wire, .source], "No enum changes between open and closed.", each: \.enums,
            problem: { enumeration, _ in
                let (old, new) = (enumeration.old.isClosed, enumeration.new.isClosed)
                guard old != new else { return nil }
                return "enum `\(enumeration.new.element.fullName)` was \(old ? "closed" : "open") and is "
                    + "\(new ? "closed" : "open") now: numbers that it doesn't name are read in another way"
            }),
    ]
}

extension Located<GoogleProtobuf.EnumDescriptorProto> {
    fileprivate var isClosed: Bool { file.features(at: element.path).enumType == .closed }
}
