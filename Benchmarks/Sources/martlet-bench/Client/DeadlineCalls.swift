import BenchmarkAPI

/// Small unary calls with a timeout, every tenth of which is cancelled while it is under way.
struct DeadlineCalls: Operation {
    private let users: UserServiceClient
    private let options: CallOptions
    private var turn: Int

    /// Far longer than any call should take: its passing would be an error.
    private static let timeout = Duration.seconds(5)

    /// - Parameter turn: Where it begins, so that not all callers cancel at the same time.
    init(users: UserServiceClient, options: CallOptions, turn: Int) {
        self.users = users
        self.turn = turn
        var options = options
        options.timeout = Self.timeout
        self.options = options
    }

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        turn += 1
        guard turn % 10 == 0 else {
            _ = try await users.getUser(GetUserRequest(id: User.sampleID), options: options)
            return Work()
        }
        return try await performCancelled()
    }

    /// Counts the call as cancelled unless the response was faster.
    private nonisolated(nonsending) func performCancelled() async throws -> Work {
        try await withThrowingTaskGroup(of: Void.self) { [users, options] group in
            group.addTask { _ = try await users.getUser(GetUserRequest(id: User.sampleID), options: options) }
            // Lets it send the request.
            await Task.yield()
            group.cancelAll()
            do { try await group.next() } catch let error as RPCError where error.code == .cancelled {
                return Work(cancelled: 1)
            }
            return Work()
        }
    }
}
