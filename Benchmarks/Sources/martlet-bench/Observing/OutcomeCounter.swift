import BenchmarkAPI
import Synchronization

/// An interceptor of either side that counts the outcomes, as one for metrics does.
final class OutcomeCounter: ClientInterceptor, ServerInterceptor {
    private let succeeded = Atomic(0)
    private let failed = Atomic(0)

    nonisolated(nonsending) func intercept(_ call: ClientCall, next: ClientNext) async throws(RPCError) -> Metadata {
        do throws(RPCError) {
            let metadata = try await next(call)
            succeeded.add(1, ordering: .relaxed)
            return metadata
        } catch {
            failed.add(1, ordering: .relaxed)
            throw error
        }
    }

    nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
        do {
            try await next()
            succeeded.add(1, ordering: .relaxed)
        } catch {
            failed.add(1, ordering: .relaxed)
            throw error
        }
    }
}
