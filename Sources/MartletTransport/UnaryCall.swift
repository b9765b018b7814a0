package import MartletCore
package import MartletWire
internal import NIOCore

/// A call of one request and one response, which its caller awaits.
///
/// Unchecked like its superclass: the continuation is touched by the one party that ends the call, the rest on the loop.
package final class UnaryCall: OutgoingCall, @unchecked Sendable {
    package typealias Outcome = Result<Reply, RPCError>

    /// What came of a call that went well.
    package struct Reply {
        package let message: WireMessage
        package let initialMetadata: Metadata
        package let trailingMetadata: Metadata
    }

    private var continuation: UnsafeContinuation<Outcome, Never>?
    private var initialMetadata = Metadata()
    /// A response that came ahead of the end, as large ones do.
    private var message: WireMessage?
    private var outcome: Outcome?

    /// Waits for the outcome of what `begin` begins. Cancelling the task gives the call up. May be called again after a
    /// failure.
    package nonisolated(nonsending) func outcome(of begin: () -> Void) async -> Outcome {
        initialMetadata = [:]
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                self.continuation = continuation
                begin()
            }
        } onCancel: {
            cancel()
        }
    }

    override func received(initialMetadata: Metadata) -> Reaction {
        self.initialMetadata = initialMetadata
        return Reaction()
    }

    override func received(_ message: WireMessage) -> Reaction {
        if self.message == nil {
            self.message = message
        } else {
            outcome = .failure(
                RPCError(.internalError, "the server sent more than one response to \(method), which has one"))
        }
        return Reaction(consumed: message.bytes.readableBytes)
    }

    override func received(_ result: Result<WireMessage, RPCError>, _ trailingMetadata: Metadata) -> Reaction {
        if outcome == nil {
            outcome = result.map { payload in
                Reply(
                    message: message ?? payload, initialMetadata: initialMetadata, trailingMetadata: trailingMetadata)
            }
        }
        return Reaction(isFirst: true)
    }

    override func deliver() {
        if let outcome = outcome.take() { continuation.take()?.resume(returning: outcome) }
    }

    package override func end(_ error: RPCError, dropsMessages: Bool) {
        message = nil
        continuation.take()?.resume(returning: .failure(error))
    }
}
