/// How generated declarations start, and how they name what is not theirs.
struct Style {
    /// With the space that follows it, such as `public `; empty for internal declarations.
    let access: String
    /// The module that the runtime's types come from, such as `Martlet`.
    let runtime: String

    init(_ options: GeneratorOptions) {
        access = options.access == .internal ? "" : "\(options.access.rawValue) "
        runtime = options.runtimeModule
    }

    /// Text as it can stand between quotes, on one line: a file's name may hold anything.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\\", "\"": escaped += "\\\(scalar)"
            case _ where scalar.properties.generalCategory.isInvisible:
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// Numbers of seven digits and more are grouped, as `swift format` wants them.
    static func literal(_ number: Int32) -> String { grouped(String(number)) }

    /// The same for the digits of any number, with a sign or without.
    static func grouped(_ number: String) -> String {
        let digits = number.drop { $0 == "-" }
        guard digits.count > 6 else { return number }
        let groups = stride(from: digits.count % 3 - 3, to: digits.count, by: 3).map { start in
            digits.dropFirst(max(start, 0)).prefix(start < 0 ? start + 3 : 3)
        }
        return (digits.count < number.count ? "-" : "") + groups.filter { !$0.isEmpty }.joined(separator: "_")
    }
}

extension Unicode.GeneralCategory {
    /// Characters that show nothing, or that change how the text around them is shown.
    fileprivate var isInvisible: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}

extension SourceWriter {
    /// A comment, for an element that Swift itself marks as deprecated.
    mutating func attributes(_ documentation: Documentation) {
        comment(documentation.comment)
        if documentation.isDeprecated { line("@available(*, deprecated)") }
    }

    /// A comment, for an element that generated code uses itself: marked as deprecated it would warn there.
    mutating func remarks(_ documentation: Documentation) {
        comment(documentation.comment)
        if documentation.isDeprecated {
            if !documentation.comment.isEmpty { comment([""]) }
            comment(["- Warning: Deprecated in the schema."])
        }
    }
}
