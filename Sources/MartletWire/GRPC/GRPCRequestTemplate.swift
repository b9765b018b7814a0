internal import MartletCore

/// The headers of a client's requests, in the order that gRPC asks for.
struct GRPCRequestTemplate {
    private let beginning: HeaderBlock
    private let authority: String
    private let type: HeaderBlock
    private let end: HeaderBlock

    /// - Parameter acceptedCompressions: What the server may compress its messages with.
    init(authority: String, isSecured: Bool, acceptedCompressions: [String], userAgent: String) {
        beginning = HeaderBlock([":method": "POST", ":scheme": isSecured ? "https" : "http"])
        self.authority = authority
        type = HeaderBlock(["te": "trailers", "content-type": "application/grpc"])
        var end = HeaderBlock()
        if !acceptedCompressions.isEmpty {
            end.add("grpc-accept-encoding", acceptedCompressions.joined(separator: ","))
        }
        end.add("user-agent", userAgent)
        self.end = end
    }

    func block(
        service: String, method: String, timeoutNanoseconds: Int64?, compression: Compression?,
        metadata: borrowing Metadata
    ) -> HeaderBlock {
        var block = beginning
        block.add(":path", "/\(service)/\(method)")
        block.add(":authority", authority)
        if let timeoutNanoseconds {
            var text: [UInt8] = []
            GRPCTimeout(nanoseconds: timeoutNanoseconds).write(to: &text)
            block.add("grpc-timeout", text)
        }
        block.add(type)
        if let compression { block.add("grpc-encoding", compression.rawValue) }
        block.add(end)
        metadata.forEachHeader { block.add($0, Array($1)) }
        return block
    }
}
