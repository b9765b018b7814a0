internal import MartletCore
private import NIOConcurrencyHelpers
internal import NIOSSL

/// What new connections share: made anew when the identity has changed. Usable on any thread.
final class TLSContexts: Sendable {
    private struct State {
        /// By the protocols that are offered.
        var contexts: [[String]: NIOSSLContext]
        var generation: Int?
    }

    private let base: TLSConfiguration
    private let identity: TLSIdentity?
    private let state: NIOLockedValueBox<State>

    /// - Throws: FAILED_PRECONDITION if the configuration can't be used.
    init(_ base: TLSConfiguration, identity: TLSIdentity?) throws(RPCError) {
        self.base = base
        self.identity = identity
        let material = identity?.current
        do {
            let context = try Self.context(base, material, [])
            state = NIOLockedValueBox(State(contexts: [[]: context], generation: material?.generation))
        } catch {
            throw RPCError(.failedPrecondition, "this TLS configuration can't be used: \(error)")
        }
    }

    /// - Parameter applicationProtocols: What is offered (ALPN, RFC 7301). Callers have few such lists, and name them again
    ///   and again.
    func current(_ applicationProtocols: [String]) throws -> NIOSSLContext {
        let material = identity?.current
        return try state.withLockedValue { state in
            if state.generation == material?.generation, let context = state.contexts[applicationProtocols] {
                return context
            }
            let context: NIOSSLContext
            do { context = try Self.context(base, material, applicationProtocols) } catch {
                // The identity has made sure of its certificate and key, and nothing else is new.
                if let old = state.contexts[applicationProtocols] { return old }
                throw error
            }
            if state.generation != material?.generation {
                state = State(contexts: [:], generation: material?.generation)
            }
            state.contexts[applicationProtocols] = context
            return context
        }
    }

    private static func context(
        _ base: TLSConfiguration, _ material: TLSIdentity.Material?, _ applicationProtocols: [String]
    ) throws -> NIOSSLContext {
        var configuration = base
        configuration.applicationProtocols = applicationProtocols
        if let material {
            configuration.certificateChain = material.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(material.key)
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
