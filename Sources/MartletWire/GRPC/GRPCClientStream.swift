internal import MartletCore
internal import NIOCore

/// One call of a client on an HTTP/2 connection.
///
/// ```
///               HEADERS              END_STREAM, with or without trailers
///   ( sent ) ─────────▶ ( answered ) ─────────────────────────────────────▶ ( ended )
///       └── HEADERS with END_STREAM, reset, go-away, cancel, a broken rule ──────▲
/// ```
/// Informational HEADERS (1xx) change nothing. An ended stream stays in the session's table until HTTP/2 has closed it.
final class GRPCClientStream: HTTP2Stream {
    /// Whether the server may send any number of messages, and not just one.
    let streamsResponses: Bool
    /// Whether nobody can have a use for the news that a response is on its way.
    let isUnary: Bool
    /// Its outcome is told, or nobody waits for it. What still comes is dropped.
    var hasEnded = false
    /// The request has gone to the output, or the beginning of it.
    var isBegun = false
    /// No more messages of ours may follow.
    var isFinished: Bool
    /// A header block has ended the stream.
    var hasTrailers = false
    /// Why the response isn't gRPC's, in case no `grpc-status` comes.
    var httpProblem: RPCError?
    /// Messages that came.
    var messageCount = 0
    /// The first, if there may be just one.
    var response: WireMessage?
    var window = ReceiveWindow()
    var deframer: GRPCDeframer

    init(id: UInt32, streamsResponses: Bool, isFinished: Bool, _ limits: WireLimits) {
        self.streamsResponses = streamsResponses
        self.isFinished = isFinished
        isUnary = !streamsResponses && isFinished
        deframer = GRPCDeframer(maxMessageBytes: limits.maxMessageBytes)
        super.init(id: id)
    }

    /// What became of the call, once the server has ended the stream.
    ///
    /// - Parameter headers: The block that ended it, if one did.
    func outcome(_ headers: GRPCResponseHeaders) -> Result<WireMessage, RPCError> {
        guard hasTrailers else {
            return .failure(httpProblem ?? RPCError(.unknown, Self.withoutStatus, origin: .peer, isSafeToRetry: false))
        }
        let metadata: Metadata
        var metadataProblem: RPCError?
        do throws(RPCError) {
            metadata = try headers.metadata()
        } catch {
            metadata = [:]
            metadataProblem = error
        }
        guard let code = headers.status.code else {
            let problem = httpProblem ?? headers.httpProblem
            return .failure(
                RPCError(
                    problem?.code ?? .unknown, problem?.message ?? Self.withoutStatus, metadata: metadata,
                    origin: .peer,
                    isSafeToRetry: false))
        }
        if code != .ok { return .failure(headers.status.error(code, metadata, without: metadataProblem)) }
        if let httpProblem { return .failure(httpProblem) }
        if let metadataProblem { return .failure(.unusableMetadata(in: "response", metadataProblem)) }
        if deframer.isInsideMessage {
            return .failure(RPCError(.internalError, "the server ended the call inside of a message"))
        }
        if streamsResponses { return .success(WireMessage(bytes: ByteBuffer())) }
        guard let response, messageCount == 1 else {
            let count = messageCount == 0 ? "no response" : "\(messageCount) responses"
            return .failure(
                RPCError(.unimplemented, "the server sent \(count) and OK; the method has one response"))
        }
        return .success(response)
    }

    private static let withoutStatus = "the server ended the call without a status (grpc-status)"
}
