import BenchmarkAPI

/// Small unary calls.
struct UnaryCalls: BlockingOperation {
    let users: UserServiceClient
    let options: CallOptions

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        try check(await users.getUser(request, options: options))
    }

    @available(*, noasync) mutating func performBlocking() throws -> Work {
        try check(users.blocking.getUser(request, options: options))
    }

    private var request: GetUserRequest { GetUserRequest(id: User.sampleID) }

    private func check(_ user: User) throws -> Work {
        try UnexpectedResponse.check(user.roles.count == 3, "the user has \(user.roles.count) roles, not 3")
        return Work()
    }
}

/// The same, a millisecond apart.
struct SpacedCalls: Operation {
    private var calls: UnaryCalls

    init(users: UserServiceClient, options: CallOptions) { calls = UnaryCalls(users: users, options: options) }

    var pause: Duration? { .milliseconds(1) }

    nonisolated(nonsending) mutating func perform() async throws -> Work { try await calls.perform() }
}

/// Unary calls with the same content there and back.
struct Echoes: BlockingOperation {
    private let users: UserServiceClient
    private let options: CallOptions
    private let blob: Blob
    private let isCounted: Bool

    /// - Parameter isCounted: Whether they count as operations, and not by their bytes alone.
    init(users: UserServiceClient, options: CallOptions, bytes: Int, isCounted: Bool = true) {
        self.users = users
        self.options = options
        blob = Blob(content: [UInt8](repeating: 0x5A, count: bytes))
        self.isCounted = isCounted
    }

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        try check(await users.echo(blob, options: options))
    }

    @available(*, noasync) mutating func performBlocking() throws -> Work {
        try check(users.blocking.echo(blob, options: options))
    }

    private func check(_ answer: Blob) throws -> Work {
        try UnexpectedResponse.check(
            answer.content.count == blob.content.count,
            "the echo has \(answer.content.count) bytes, not \(blob.content.count)")
        return Work(operations: isCounted ? 1 : 0, bytes: blob.content.count, isTimed: isCounted)
    }
}

/// Nine small calls, then an echo of 64 KiB.
struct MixedCalls: BlockingOperation {
    private var small: UnaryCalls
    private var large: Echoes
    private var turn: Int

    /// - Parameter turn: Where it begins, so that the callers' large calls don't come together.
    init(users: UserServiceClient, options: CallOptions, turn: Int) {
        small = UnaryCalls(users: users, options: options)
        large = Echoes(users: users, options: options, bytes: 64 << 10)
        self.turn = turn
    }

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        turn += 1
        return turn % 10 == 0 ? try await large.perform() : try await small.perform()
    }

    @available(*, noasync) mutating func performBlocking() throws -> Work {
        turn += 1
        return turn % 10 == 0 ? try large.performBlocking() : try small.performBlocking()
    }
}
