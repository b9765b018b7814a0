import Martlet
import Synchronization
import UserAPI

/// Calls at a steady rate, whatever becomes of the calls before.
final class Load: Sendable {
    struct Second {
        var failures: [String] = []
        var times: [Duration] = []

        /// The time within which 99 of 100 calls were over.
        var slow: Duration { times.isEmpty ? .zero : times.sorted()[times.count * 99 / 100] }
    }

    private let current = Mutex(Second())

    /// Until it is cancelled.
    func run(_ users: UserServiceClient, id: String, rate: Int) async {
        await withDiscardingTaskGroup { group in
            let clock = ContinuousClock()
            var next = clock.now
            while !Task.isCancelled {
                group.addTask { await self.call(users, id) }
                next += .seconds(1) / rate
                try? await clock.sleep(until: next)
            }
        }
    }

    private func call(_ users: UserServiceClient, _ id: String) async {
        let start = ContinuousClock.now
        var failure: String?
        do { _ = try await users.getUser(.init(id: id), options: .timeout(.seconds(5))) } catch {
            if Task.isCancelled { return }
            failure = "\(error)"
        }
        let time = ContinuousClock.now - start
        current.withLock { second in
            second.times.append(time)
            if let failure { second.failures.append(failure) }
        }
    }

    /// What has happened since this was asked last.
    func take() -> Second {
        current.withLock { second in
            defer { second = Second() }
            return second
        }
    }
}
