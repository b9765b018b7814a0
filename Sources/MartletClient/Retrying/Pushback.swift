internal import MartletCore

/// What a server says about calls that it wants made again later, or not (gRPC A6): the trailing metadata
/// `grpc-retry-pushback-ms`.
enum Pushback: Hashable {
    case after(Duration)
    case never

    /// Nil if the server says nothing.
    init?(_ error: RPCError) {
        guard let text = error.metadata["grpc-retry-pushback-ms"] else { return nil }
        guard let milliseconds = Int64(text), milliseconds >= 0 else {
            self = .never
            return
        }
        self = .after(.milliseconds(milliseconds))
    }
}
