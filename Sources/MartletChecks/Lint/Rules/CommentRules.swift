internal import MartletSchema

extension LintRule {
    static let commentRules = [
        LintRule(
            "COMMENT_MESSAGE", .comments, "Every message has a comment.", each: \.messages, problem: silence("message")),
        LintRule("COMMENT_FIELD", .comments, "Every field has a comment.", each: \.fields, problem: silence("field")),
        LintRule("COMMENT_ONEOF", .comments, "Every oneof has a comment.", each: \.oneofs, problem: silence("oneof")),
        LintRule("COMMENT_ENUM", .comments, "Every enum has a comment.", each: \.enums, problem: silence("enum")),
        LintRule(
            "COMMENT_ENUM_VALUE", .comments, "Every value of an enum has a comment.", each: \.values,
            problem: silence("enum value")),
        LintRule(
            "COMMENT_SERVICE", .comments, "Every service has a comment.", each: \.services, problem: silence("service")),
        LintRule("COMMENT_RPC", .comments, "Every method has a comment.", each: \.methods, problem: silence("method")),
    ]

    /// Only what stands before a declaration counts, as for buf and for those who read the generated code.
    private static func silence<Descriptor>(
        _ kind: String
    ) -> @Sendable (Element<Descriptor>, SchemaFile) -> String? {
        { element, file in
            let text = IgnoreComments.stripped(file.comments(at: element.path)?.leading ?? "")
            return text.contains { !$0.isWhitespace }
                ? nil : "\(kind) `\(element.name)` should have a comment before it"
        }
    }
}
