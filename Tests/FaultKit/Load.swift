package import Martlet
import Synchronization

/// Calls of all shapes and many sizes at once, chosen by a seed, until they are told to stop. Every response is checked.
package final class Load: Sendable {
    /// How calls ended.
    package struct Tally: Sendable, Equatable {
        package var succeeded = 0
        package var failed: [StatusCode: Int] = [:]
        /// Responses that weren't what the requests ask for: always a bug.
        package var wrong: [String] = []

        package init() {}

        package var calls: Int { succeeded + failed.values.reduce(0, +) + wrong.count }
    }

    private struct Wrong: Error {
        let what: String
    }

    private let invoker: any CallInvoker
    private let tally = Mutex(Tally())
    private let isStopped = Atomic(false)
    private let maxMessageBytes: Int

    package init(_ invoker: any CallInvoker, maxMessageBytes: Int = 100_000) {
        self.invoker = invoker
        self.maxMessageBytes = maxMessageBytes
    }

    package var current: Tally { tally.withLock { $0 } }

    /// Lets each caller end after the call that it makes.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Returns when ``stop()`` was called and all calls have ended, or when a call has failed and `untilFailure` is set.
    package func run(callers: Int, seed: UInt64, untilFailure: Bool = false) async -> Tally {
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var random = SeededRandom(seed: seed &+ UInt64(caller) &* 1_000_003)
                    while !self.isStopped.load(ordering: .relaxed) {
                        if await !self.oneCall(&random), untilFailure { return }
                    }
                }
            }
        }
        return current
    }

    /// Whether it succeeded.
    package func oneCall(_ random: inout SeededRandom) async -> Bool {
        do {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: try await count(&random)
            case 1: try await sum(&random)
            case 2: try await chat(&random)
            default: try await echo(&random)
            }
            tally.withLock { $0.succeeded += 1 }
            return true
        } catch let error as RPCError {
            tally.withLock { $0.failed[error.code, default: 0] += 1 }
        } catch {
            tally.withLock { $0.wrong.append("\(error)") }
        }
        return false
    }

    private func payload(_ random: inout SeededRandom) -> Payload {
        // Mostly small, some large: the exponent is what is uniform.
        let most = Int.random(in: 3...17, using: &random)
        let count = Int.random(in: 8...max(8, min(1 << most, maxMessageBytes)), using: &random)
        return Payload(seed: random.next(), count: count)
    }

    private func echo(_ random: inout SeededRandom) async throws {
        let request = payload(&random)
        let compression: Compression? = Int.random(in: 0..<8, using: &random) == 0 ? .gzip : nil
        let response = try await invoker.unary(FaultMethods.echo, request, CallOptions(compression: compression))
        guard response == request else { throw Wrong(what: "echo of \(request) is \(response)") }
    }

    private func count(_ random: inout SeededRandom) async throws {
        let number = UInt64.random(in: 0..<40, using: &random)
        let request = Payload(seed: number, count: payload(&random).count)
        let leavesAt = Int.random(in: 0..<4, using: &random) == 0 ? number / 2 : nil
        var next: UInt64 = 0
        for try await response in invoker.serverStreaming(FaultMethods.count, request, .default) {
            if next == leavesAt { return }
            guard response == Payload(seed: next, count: request.count) else {
                throw Wrong(what: "message \(next) of a stream is \(response)")
            }
            next += 1
        }
        guard next == number else { throw Wrong(what: "a stream of \(number) ended after \(next)") }
    }

    private func sum(_ random: inout SeededRandom) async throws {
        let requests = (0..<Int.random(in: 0..<20, using: &random)).map { _ in payload(&random) }
        let response = try await invoker.clientStreaming(FaultMethods.sum, .default) { writer in
            try await writer.write(contentsOf: requests)
        }
        let expected = requests.reduce(0) { $0 &+ $1.seed }
        guard response.seed == expected else { throw Wrong(what: "the sum \(expected) is \(response.seed)") }
    }

    private func chat(_ random: inout SeededRandom) async throws {
        let requests = (0..<Int.random(in: 0..<20, using: &random)).map { _ in payload(&random) }
        try await invoker.bidirectional(FaultMethods.chat, .default) { writer, responses in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await writer.write(contentsOf: requests)
                    writer.finish()
                }
                var next = 0
                for try await response in responses {
                    guard response == requests[next] else { throw Wrong(what: "answer \(next) is \(response)") }
                    next += 1
                }
                guard next == requests.count else { throw Wrong(what: "\(requests.count) were answered by \(next)") }
                try await group.waitForAll()
            }
        }
    }
}
