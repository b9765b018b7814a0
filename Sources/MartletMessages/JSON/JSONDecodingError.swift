/// Why a text could not be read as a message's JSON.
public struct JSONDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is, for programs.
    public enum Reason: Sendable, Hashable {
        /// The text is not JSON.
        case notJSON
        /// A value is not one of the field's type, or out of its range.
        case wrongValue
        /// No field has that name; see ``JSONDecodingOptions/ignoresUnknownFields``.
        case unknownField
        /// A field, a map's key or a member of a oneof comes twice.
        case duplicate
        /// A `required` field is missing.
        case missingRequiredField
        /// The type of a `google.protobuf.Any` isn't in ``JSONDecodingOptions/registry``.
        case unknownType
        /// Messages or values nest deeper than ``DecodingLimits/depth``.
        case tooDeep
        /// Reading would use more than ``DecodingLimits/memory``.
        case overBudget
    }

    /// The kind of mistake.
    public let reason: Reason
    /// The full name of the message that was to be read, such as `users.v1.User`.
    public internal(set) var message = ""
    /// What is wrong with the text there, and what would be right.
    public let problem: String
    /// Where the wrong text starts, counted from 1.
    public let line: Int
    /// In bytes, counted from 1.
    public let column: Int
    private(set) var position = JSONPath()

    /// The field by its names in JSON, such as `createdAt` or `orders[3].items["a"].price`. Empty for the message
    /// itself.
    public var path: String { position.text }

    init(_ reason: Reason, _ problem: String, line: Int, column: Int) {
        self.reason = reason
        self.problem = problem
        self.line = line
        self.column = column
    }

    public var description: String {
        let place = path.isEmpty ? "" : ", \(path)"
        return "cannot read \(message) from JSON: line \(line), column \(column)\(place): \(problem)"
    }

    func inside(field: JSONField) -> JSONDecodingError { inside { $0.prepend(field: field.name.string) } }
    func inside(index: Int) -> JSONDecodingError { inside { $0.prepend(index: index) } }
    func inside(key: ByteSpan) -> JSONDecodingError {
        inside { $0.prepend(key: String(decoding: key.bytes, as: UTF8.self)) }
    }

    private func inside(_ change: (inout JSONPath) -> Void) -> JSONDecodingError {
        var error = self
        change(&error.position)
        return error
    }
}
