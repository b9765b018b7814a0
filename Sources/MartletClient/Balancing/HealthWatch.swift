internal import Logging
internal import MartletCore
internal import MartletServices
internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import Synchronization

/// Follows the health of a service at one endpoint, as gRPC's client-side health checking does
/// (https://github.com/grpc/grpc/blob/master/doc/health-checking.md): not serving until the first answer; an endpoint
/// that doesn't know the protocol serves.
final class HealthWatch: Sendable {
    enum Status: Int, AtomicRepresentable {
        case unknown
        case serving
        case notServing
    }

    private let _status = Atomic(Status.unknown)
    private let task = NIOLockedValueBox<Task<Void, Never>?>(nil)

    /// - Parameter whenChanged: Runs on the loop.
    init(
        _ service: String, at subchannel: Subchannel, logger: Logger, whenChanged: @escaping @Sendable () -> Void
    ) {
        let running = Task.detached(executorPreference: subchannel.executor) { [weak self] in
            let configuration = ChannelConfiguration()
            let client = GRPCHealthV1.HealthClient(
                ChannelCalls(subchannel, configuration, CallPolicies(configuration)))
            var failures = 0
            while !Task.isCancelled {
                do throws(RPCError) {
                    for try await answer in client.watch(.init(service: service)) {
                        failures = 0
                        self?.set(answer.status == .serving ? .serving : .notServing, whenChanged)
                    }
                } catch {
                    if error.code == .unimplemented {
                        logger.debug("an endpoint doesn't know health; it is taken for serving")
                        self?.set(.serving, whenChanged)
                        return
                    }
                }
                if Task.isCancelled { return }
                self?.set(.notServing, whenChanged)
                failures += 1
                await subchannel.executor.sleep(
                    for: Backoff().delay(afterAttempt: failures, random: .random(in: 0...1)))
            }
        }
        task.withLockedValue { $0 = running }
    }

    var status: Status { _status.load(ordering: .relaxed) }

    func stop() { task.withLockedValue { $0.take() }?.cancel() }

    private func set(_ status: Status, _ whenChanged: () -> Void) {
        if _status.exchange(status, ordering: .relaxed) != status { whenChanged() }
    }
}
