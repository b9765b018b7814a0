/// Names that can't stand in generated code as they are.
extension Naming {
    /// Types that Swift doesn't allow as members, modules that generated code names, and what a view calls its message.
    static let forbiddenTypeNames: Set<String> = [
        "Any", "Protocol", "Self", "Type", "Swift", "Martlet", "MartletMessages", "MartletDescriptors", "ViewedMessage",
    ]

    /// Properties that every message has, or that mean something else behind a dot.
    ///
    /// `description` is not among them: too many messages have such a field, and printing works without.
    static let forbiddenPropertyNames: Set<String> = [
        "extensionValue", "fileTables", "hasExtension", "hashValue", "init", "jsonBytes", "jsonString", "self",
        "serialized", "textFormat", "unknownFields", "withSerialized",
    ]

    /// Static members that every message has, or that mean something else behind a dot.
    static let forbiddenExtensionNames: Set<String> = [
        "enumTable", "init", "messageName", "self", "table", "withView", "write",
    ]

    /// Members that every enum has, or that mean something else behind a dot.
    static let forbiddenCaseNames: Set<String> = [
        "allCases", "enumTable", "hashValue", "init", "rawValue", "self", "unrecognized",
    ]

    /// Members that every service, its clients, its double or its list of methods has.
    static let forbiddenMethodNames: Set<String> = [
        "blocking", "client", "init", "invoker", "methods", "register", "self", "service",
    ]

    /// Swift's keywords, those included that are keywords in some places only: a backtick too many is harmless.
    static let keywords: Set<String> = [
        "Any", "Self", "_", "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case",
        "catch", "class", "consume", "consuming", "continue", "copy", "default", "defer", "deinit", "discard", "do",
        "each", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import", "in", "init", "inout", "internal", "is", "let", "nil", "nonisolated", "open", "operator", "package",
        "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static",
        "struct", "subscript", "super", "switch", "then", "throw", "throws", "true", "try", "typealias", "unsafe",
        "var", "where", "while", "yield",
    ]
}
