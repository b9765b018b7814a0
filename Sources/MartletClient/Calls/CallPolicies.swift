internal import Logging
internal import MartletCore
internal import MartletTransport
private import Synchronization

/// The service config that a channel's calls follow: what its configuration says, until its resolver says something.
final class CallPolicies: Sendable {
    /// What is said of one method, ready for a call.
    struct ForMethod: Sendable {
        var config: MethodConfig
        var throttle: RetryThrottle?
    }

    private struct State {
        var config: ServiceConfig
        var throttle: RetryThrottle?
    }

    private let state: Mutex<State>
    /// Spares channels without a service config the lock.
    private let hasMethods: Atomic<Bool>
    private let random: RandomSource
    private let logger: Logger

    init(_ configuration: ChannelConfiguration) {
        let config = configuration.serviceConfig ?? ServiceConfig()
        state = Mutex(
            State(config: config, throttle: config.retryThrottling.map { RetryThrottle($0) }))
        hasMethods = Atomic(!config.methods.isEmpty)
        random = RandomSource(seed: configuration.loadBalancing.seed ?? .random(in: 0...UInt64.max))
        logger = configuration.logger
    }

    /// Retry tokens stay as they are as long as their bounds do.
    func use(_ config: ServiceConfig) {
        state.withLock { state in
            if config.retryThrottling != state.config.retryThrottling {
                state.throttle = config.retryThrottling.map { RetryThrottle($0) }
            }
            state.config = config
        }
        hasMethods.store(!config.methods.isEmpty, ordering: .releasing)
    }

    subscript(method: MethodDescriptor) -> ForMethod? {
        guard hasMethods.load(ordering: .acquiring) else { return nil }
        return state.withLock { state in
            state.config[method].map { ForMethod(config: $0, throttle: state.throttle) }
        }
    }

    func retries(of method: MethodDescriptor, _ policy: ForMethod?) -> CallRetries? {
        guard let policy, case .retry(let retry) = policy.config.repetition else { return nil }
        return CallRetries(method, retry, throttle: policy.throttle, logger: logger) { [random] in random.fraction() }
    }
}
