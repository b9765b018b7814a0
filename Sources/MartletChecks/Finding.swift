internal import MartletSchema

/// Something in a `.proto` file that breaks a rule.
package struct Finding: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file as people know it: its path on disk where it has one.
    package let file: String
    /// From 1; 0 where the file is gone.
    package let line: Int
    /// From 1.
    package let column: Int
    /// Such as `FIELD_LOWER_SNAKE_CASE`.
    package let rule: String
    /// What is wrong and what would be right.
    package let message: String

    init(in file: SchemaFile, at path: [Int32], rule: String, message: String) {
        let position = file.position(of: path)
        self.file = file.shownAs
        line = position.line
        column = position.column
        self.rule = rule
        self.message = message
    }

    /// About a file that is no longer there.
    init(inMissing file: String, rule: String, message: String) {
        self.file = file
        line = 0
        column = 0
        self.rule = rule
        self.message = message
    }

    /// `file:line:column: message (RULE)`, the form that editors make clickable.
    package var description: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        return "\(place): \(message) (\(rule))"
    }

    /// One line of JSON.
    package var json: String {
        let members = [
            ("file", Self.quoted(file)), ("line", "\(line)"), ("column", "\(column)"), ("rule", Self.quoted(rule)),
            ("message", Self.quoted(message)),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    package static func < (first: Self, second: Self) -> Bool {
        (first.file, first.line, first.column, first.rule, first.message)
            < (second.file, second.line, second.column, second.rule, second.message)
    }
}

/// What a check of files came to.
package enum CheckOutcome: Sendable {
    /// In the order of the files; none is good.
    case findings([Finding])
    /// Why there was nothing to check, for people.
    case errors([String])

    /// 0 without findings, 1 with some, 2 where the files couldn't be checked.
    package var exitCode: Int32 {
        switch self {
        case .findings(let findings): findings.isEmpty ? 0 : 1
        case .errors: 2
        }
    }
}
