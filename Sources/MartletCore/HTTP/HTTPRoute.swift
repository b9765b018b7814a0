/// One path that a server answers over HTTP, beside the methods of its services.
///
/// ```swift
/// configuration.httpRoutes.append(HTTPRoute("/version") { _ in HTTPResponse(text: "1.2.3\n") })
/// ```
public struct HTTPRoute: Sendable {
    /// Runs on the event loop of the request's connection, in a task that is cancelled when the connection is lost. What
    /// it throws becomes the status 500; the text of the error stays in the server's log.
    public typealias Handler = nonisolated(nonsending) @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// Such as `/health`. Only requests with exactly this path get here, whatever their query.
    public let path: String
    /// The verbs that the handler takes. With `GET` come requests of `HEAD`, whose answers go out without their bodies.
    public let methods: [String]
    /// Answers a request.
    public let handler: Handler

    /// - Parameters:
    ///   - path: Begins with `/`; in percent-encoding, without a query.
    ///   - methods: In upper case, such as `POST`. Default: only `GET`.
    ///   - handler: Answers the requests; it must not block.
    public init(_ path: String, methods: [String] = ["GET"], handler: @escaping Handler) {
        precondition(path.utf8.first == UInt8(ascii: "/"), "the path of a route begins with \"/\": \"\(path)\" doesn't")
        self.path = path
        self.methods = methods
        self.handler = handler
    }
}
