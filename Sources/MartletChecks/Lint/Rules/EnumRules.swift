internal import MartletDescriptors
internal import MartletMessages

extension LintRule {
    static let enumRules = [
        LintRule(
            "ENUM_VALUE_PREFIX", .standard,
            "The values of enums start with the enum's name, since they share a scope with other enums.",
            each: \.values
        ) { value, _ in
            let enumeration = value.scope.split(separator: ".").last.map(String.init) ?? ""
            let prefix = WordCase.upperSnake.spelling(of: enumeration) + "_"
            return value.name.hasPrefix(prefix)
                ? nil : "value `\(value.name)` of enum `\(enumeration)` should start with `\(prefix)`"
        },
        LintRule(
            "ENUM_ZERO_VALUE_SUFFIX", .standard,
            "The value 0 of an enum ends in _UNSPECIFIED, since it is what an unset field holds.",
            each: { $0.values.filter { $0.descriptor.number == 0 } },
            problem: { value, _ in
                value.name.hasSuffix("_UNSPECIFIED")
                    ? nil : "the zero value `\(value.name)` should end in `_UNSPECIFIED`"
            }),
        LintRule(
            "ENUM_FIRST_VALUE_ZERO", .basic, "The first value of an enum is 0, as proto3 and editions want it.",
            each: \.enums, at: [PathNumber.Enum.value, 0, PathNumber.EnumValue.number]
        ) { enumeration, _ in
            guard let first = enumeration.descriptor.value.first, first.number != 0 else { return nil }
            return "the first value of enum `\(enumeration.name)` should be 0, not \(first.number ?? 0)"
        },
        LintRule(
            "ENUM_NO_ALLOW_ALIAS", .basic, "No two values of an enum share a number.", each: \.enums,
            at: [PathNumber.Enum.options, PathNumber.EnumOptions.allowAlias]
        ) { enumeration, _ in
            enumeration.descriptor.options?.allowAlias == true
                ? "enum `\(enumeration.name)` has two names for one number, of which JSON can write only one" : nil
        },
    ]
}
