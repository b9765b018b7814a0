package import MartletCore

/// Decides whether a call that has failed is made again, and when. Usable on any thread, for one call.
package protocol Retrying: AnyObject, Sendable {
    /// Nil: the call isn't made again.
    ///
    /// - Parameter remaining: Until the call's deadline; nil without one.
    func delay(after error: RPCError, remaining: Duration?) -> Duration?

    func attemptSucceeded()

    /// How often the call was made before the attempt that is made now.
    var attemptsBefore: Int { get }
}

extension Metadata {
    /// How often a call was made before, told to its server (gRPC A6).
    package static var previousAttemptsKey: String { "grpc-previous-rpc-attempts" }
}
