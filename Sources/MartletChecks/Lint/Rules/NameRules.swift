internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension LintRule {
    static let nameRules = [
        LintRule(
            "MESSAGE_PASCAL_CASE", .basic, "Messages are named LikeThis.", each: \.messages,
            problem: wrongCase("message", .pascal)),
        LintRule(
            "ENUM_PASCAL_CASE", .basic, "Enums are named LikeThis.", each: \.enums,
            problem: wrongCase("enum", .pascal)),
        LintRule(
            "ENUM_VALUE_UPPER_SNAKE_CASE", .basic, "The values of enums are named LIKE_THIS.", each: \.values,
            problem: wrongCase("enum value", .upperSnake)),
        LintRule(
            "FIELD_LOWER_SNAKE_CASE", .basic, "Fields and extensions are named like_this.",
            // The compiler has named the field of a group after its message.
            each: { ($0.fields + $0.extensions).filter { $0.descriptor.type != .group } },
            problem: wrongCase("field", .lowerSnake)),
        LintRule(
            "ONEOF_LOWER_SNAKE_CASE", .basic, "Oneofs are named like_this.", each: \.oneofs,
            problem: wrongCase("oneof", .lowerSnake)),
        LintRule(
            "SERVICE_PASCAL_CASE", .basic, "Services are named LikeThis.", each: \.services,
            problem: wrongCase("service", .pascal)),
        LintRule(
            "RPC_PASCAL_CASE", .basic, "Methods are named LikeThis.", each: \.methods,
            problem: wrongCase("method", .pascal)),
        LintRule("SERVICE_SUFFIX", .standard, "The names of services end in Service.", each: \.services) { service, _ in
            service.name.hasSuffix("Service")
                ? nil : "service `\(service.name)` should end in `Service`, such as `\(service.name)Service`"
        },
    ]

    private static func wrongCase<Descriptor>(
        _ kind: String, _ wordCase: WordCase
    ) -> @Sendable (Element<Descriptor>, SchemaFile) -> String? {
        { element, _ in
            wordCase.allows(element.name)
                ? nil : "\(kind) `\(element.name)` should be `\(wordCase.spelling(of: element.name))`"
        }
    }
}
