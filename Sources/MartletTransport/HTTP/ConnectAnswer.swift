internal import MartletCompression
internal import MartletCore
internal import MartletWire

/// Makes the response of one call by Connect's unary protocol (https://connectrpc.com/docs/protocol#unary-response).
///
/// On the connection's loop.
final class ConnectAnswer: HTTPCallAnswer {
    private let codec: ConnectRequest.Codec
    private let acceptsGzip: Bool
    /// Nil: the server doesn't have the method.
    private let method: MethodHandler?
    /// Whose handler may choose a compression.
    var call: ServerCall?

    init(_ request: ConnectRequest, _ method: MethodHandler?) {
        codec = request.codec
        acceptsGzip = request.acceptsGzip
        self.method = method
    }

    func response(
        to outcome: Result<[UInt8], RPCError>, initialMetadata: Metadata, trailingMetadata: Metadata
    ) -> HTTPResponse {
        do throws(RPCError) {
            try initialMetadata.validate()
            try trailingMetadata.validate()
            var response = try body(outcome.get())
            response.add(initialMetadata, trailingMetadata)
            return response
        } catch {
            // A path that nothing is behind, as proxies and people expect it.
            let isMissing = method == nil && error.code == .unimplemented
            var response = HTTPResponse.connect(error, status: isMissing ? 404 : nil)
            if case .failure = outcome { response.add(initialMetadata, trailingMetadata) }
            return response
        }
    }

    private func body(_ message: [UInt8]) throws(RPCError) -> HTTPResponse {
        var body = message
        if codec == .json, let method { body = try method.transcoder.response(toJSON: message) }
        var response = HTTPResponse(headers: ["content-type": codec.contentType])
        if acceptsGzip, let compression = call?.context?.responseCompression {
            let compressed = body.withUnsafeBytes { compression.compress($0) }
            if compressed.count < body.count {
                body = compressed
                response.headers["content-encoding"] = compression.rawValue
            }
        }
        response.body = body
        return response
    }
}

extension HTTPResponse {
    /// Adds metadata as fields, but for names that mean something to HTTP.
    fileprivate mutating func add(_ initial: Metadata, _ trailing: Metadata) {
        for field in initial.fields where !HTTPFields.ofHTTP.contains(field.key) {
            headers.append(field.value, for: field.key)
        }
        for field in trailing.fields { headers.append(field.value, for: "trailer-\(field.key)") }
    }
}
