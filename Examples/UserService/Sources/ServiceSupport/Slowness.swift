private import Foundation
internal import Martlet
private import Synchronization

/// Makes a server slow, for examples: from one SIGUSR1 to the next each call takes 300 ms more.
struct Slowness: ServerInterceptor {
    private static let signals = Atomic(0)

    init() { signal(SIGUSR1) { _ in Slowness.signals.wrappingAdd(1, ordering: .relaxed) } }

    func intercept(_ context: ServerContext, next: ServerNext) async throws {
        let isSlow = !Self.signals.load(ordering: .relaxed).isMultiple(of: 2)
        if isSlow { try await Task.sleep(for: .milliseconds(300)) }
        try await next()
    }
}
