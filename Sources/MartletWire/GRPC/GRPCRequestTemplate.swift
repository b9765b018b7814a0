internal import MartletCore

/// The headers of a client's requests: those that all calls of a method have, which are written once and kept, and behind
/// them those of the call, with metadata last, as gRPC asks for.
final class GRPCRequestTemplate {
    private let authority: String
    private let scheme: String
    private let acceptedCompressions: String
    private let userAgent: String
    private var methods: [GRPCMethodHeaders] = []

    /// Methods whose headers are kept.
    private static let keptMethods = 64

    /// - Parameter acceptedCompressions: What the server may compress its messages with.
    init(authority: String, isSecured: Bool, acceptedCompressions: [String], userAgent: String) {
        self.authority = authority
        scheme = isSecured ? "https" : "http"
        self.acceptedCompressions = acceptedCompressions.joined(separator: ",")
        self.userAgent = userAgent
    }

    /// What all calls of a method have.
    func headers(service: String, method: String) -> GRPCMethodHeaders {
        for headers in methods where headers.method == method && headers.service == service { return headers }
        var block = HeaderBlock([
            ":method": "POST", ":scheme": scheme, ":path": "/\(service)/\(method)", ":authority": authority,
            "te": "trailers", "content-type": "application/grpc",
        ])
        if !acceptedCompressions.isEmpty { block.add("grpc-accept-encoding", acceptedCompressions) }
        block.add("user-agent", userAgent)
        let isKept = methods.count < Self.keptMethods
        let headers = GRPCMethodHeaders(service, method, block, isKept: isKept)
        if isKept { methods.append(headers) }
        return headers
    }

    /// What a call has beside that.
    func write(
        timeoutNanoseconds: Int64?, compression: Compression?, metadata: borrowing Metadata, to block: inout HeaderBlock
    ) {
        if let timeoutNanoseconds {
            var text: [UInt8] = []
            GRPCTimeout(nanoseconds: timeoutNanoseconds).write(to: &text)
            block.add("grpc-timeout", text)
        }
        if let compression { block.add("grpc-encoding", compression.rawValue) }
        if !metadata.isEmpty { metadata.forEachHeader { block.add($0, Array($1)) } }
    }
}
