/// A whole HTTP request, of whatever version.
public struct HTTPRequest: Sendable, Hashable {
    /// In upper case, such as `GET`.
    public var method: String
    /// As it was sent, in percent-encoding and without the query, such as `/health`.
    public var path: String
    /// What follows the `?`, as it was sent; nil without one.
    public var query: String?
    /// Without those that belong to the connection.
    public var headers: HTTPFields
    /// Without the coding that it was transferred in. One over the server's limit of a message never gets here.
    public var body: [UInt8]

    /// For tests of routes; a server makes its own.
    public init(
        method: String = "GET", path: String, query: String? = nil, headers: HTTPFields = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}
