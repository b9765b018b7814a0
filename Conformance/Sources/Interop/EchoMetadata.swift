internal import Martlet

/// The metadata that a client of the tests sends to have it back.
enum EchoMetadata {
    /// Comes back ahead of the response.
    static let initial = "x-grpc-test-echo-initial"
    /// Comes back with the status.
    static let trailing = "x-grpc-test-echo-trailing-bin"
}

extension ServerContext {
    /// Returns to the client what it wants echoed.
    func echoMetadata() {
        for value in metadata.values(for: EchoMetadata.initial) {
            initialMetadata.append(value, for: EchoMetadata.initial)
        }
        for value in metadata.values(for: EchoMetadata.trailing) {
            trailingMetadata.append(value, for: EchoMetadata.trailing)
        }
    }
}
