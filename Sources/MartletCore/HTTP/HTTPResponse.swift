/// A whole HTTP response.
public struct HTTPResponse: Sendable, Hashable {
    /// From 200 to 599.
    public var status: Int
    /// Without `content-length` and what else belongs to the connection: the server sets those itself.
    public var headers: HTTPFields
    /// All of it: responses aren't streamed.
    public var body: [UInt8]

    /// A response with any body; `headers` say what it is.
    public init(status: Int = 200, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a text.
    ///
    /// - Parameters:
    ///   - status: From 200 to 599.
    ///   - text: The body, in UTF-8.
    ///   - contentType: Such as `application/json`.
    public init(status: Int = 200, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status: status, headers: ["content-type": contentType], body: Array(text.utf8))
    }
}
