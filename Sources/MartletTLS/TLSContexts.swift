internal import MartletCore
private import NIOConcurrencyHelpers
internal import NIOSSL

/// What new connections share: made anew when the identity has changed. Usable on any thread.
final class TLSContexts: Sendable {
    private struct State {
        var context: NIOSSLContext
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
            let context = try Self.context(base, material)
            state = NIOLockedValueBox(State(context: context, generation: material?.generation))
        } catch {
            throw RPCError(.failedPrecondition, "this TLS configuration can't be used: \(error)")
        }
    }

    var current: NIOSSLContext {
        let material = identity?.current
        return state.withLockedValue { state in
            guard state.generation != material?.generation else { return state.context }
            // The identity has made sure of its certificate and key, and nothing else is new.
            if let context = try? Self.context(base, material) {
                state = State(context: context, generation: material?.generation)
            }
            return state.context
        }
    }

    private static func context(
        _ base: TLSConfiguration, _ material: TLSIdentity.Material?
    ) throws -> NIOSSLContext {
        var configuration = base
        if let material {
            configuration.certificateChain = material.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(material.key)
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
