import BenchmarkAPI

/// Streams of users from the server, one after another; counts their messages, and times whole streams.
struct ServerStreams: BlockingOperation {
    let users: UserServiceClient
    let options: CallOptions
    /// Messages of a stream.
    let count: Int32

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        var received = 0
        for try await user in users.listUsers(ListUsersRequest(count: count), options: options) {
            if user.active { received += 1 }
        }
        return try check(received)
    }

    @available(*, noasync) mutating func performBlocking() throws -> Work {
        var received = 0
        try users.blocking.listUsers(ListUsersRequest(count: count), options: options) { user in
            if user.active { received += 1 }
        }
        return try check(received)
    }

    private func check(_ received: Int) throws -> Work {
        try UnexpectedResponse.check(received == count, "the stream had \(received) users, not \(count)")
        return Work(operations: received)
    }
}

/// Streams of users to the server, one after another; counts their messages, and times whole streams.
struct Uploads: Operation {
    let users: UserServiceClient
    let options: CallOptions
    /// Messages of a stream.
    let count: Int

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        let user = User.sample(User.sampleID)
        let response = try await users.importUsers(options: options) { [count] requests in
            for _ in 0..<count { try await requests.write(user) }
        }
        try UnexpectedResponse.check(response.count == count, "the server got \(response.count) users, not \(count)")
        return Work(operations: count)
    }
}

/// One bidirectional stream: a request there, a user back, and again.
struct PingPong: Operation {
    private let call: Call<GetUserRequest, User>
    private var responses: MessageStream<User>.Iterator

    init(users: UserServiceClient, options: CallOptions) {
        call = users.findUsers(options: options)
        responses = call.responses.makeAsyncIterator()
    }

    nonisolated(nonsending) mutating func prepare() async throws { _ = try await perform() }

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        try await call.requests.write(GetUserRequest(id: User.sampleID))
        let user = try await responses.next(isolation: #isolation)
        try UnexpectedResponse.check(user?.roles.count == 3, "the stream ended, or its user doesn't have 3 roles")
        return Work()
    }

    nonisolated(nonsending) mutating func finish() async throws {
        call.requests.finish()
        let user = try await responses.next(isolation: #isolation)
        try UnexpectedResponse.check(user == nil, "a user came that nobody asked for")
    }
}

/// Many of those, all open, a turn of one after another.
struct PingPongs: Operation {
    private var streams: [PingPong]
    private var next = 0

    init(users: UserServiceClient, options: CallOptions, count: Int) {
        streams = (0..<count).map { _ in PingPong(users: users, options: options) }
    }

    nonisolated(nonsending) mutating func prepare() async throws {
        for index in streams.indices { try await streams[index].prepare() }
    }

    nonisolated(nonsending) mutating func perform() async throws -> Work {
        defer { next = next + 1 == streams.count ? 0 : next + 1 }
        return try await streams[next].perform()
    }

    nonisolated(nonsending) mutating func finish() async throws {
        for index in streams.indices { try await streams[index].finish() }
    }
}
