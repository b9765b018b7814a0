/// Why a message has no form in JSON.
public struct JSONEncodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The full name of the message that was to be written, such as `users.v1.User`.
    public internal(set) var message = ""
    /// What is wrong with the value, and what would be right.
    public let problem: String
    private(set) var position = JSONPath()

    /// The field by its names in JSON, such as `createdAt` or `orders[3].items["a"].price`. Empty for the message
    /// itself.
    public var path: String { position.text }

    init(_ problem: String) { self.problem = problem }

    public var description: String {
        let place = path.isEmpty ? "" : " \(path):"
        return "cannot write \(message) as JSON:\(place) \(problem)"
    }

    func inside(field: JSONField) -> JSONEncodingError { inside { $0.prepend(field: field.name.string) } }
    func inside(index: Int) -> JSONEncodingError { inside { $0.prepend(index: index) } }
    func inside(key: String) -> JSONEncodingError { inside { $0.prepend(key: key) } }

    private func inside(_ change: (inout JSONPath) -> Void) -> JSONEncodingError {
        var error = self
        change(&error.position)
        return error
    }
}
