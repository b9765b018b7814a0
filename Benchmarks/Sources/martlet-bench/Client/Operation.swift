import BenchmarkAPI

/// What a caller does over and over.
protocol Operation {
    /// Opens what is to be there when it begins.
    nonisolated(nonsending) mutating func prepare() async throws

    /// Does it once. Throws when anything but the expected comes back: a benchmark that fails calls doesn't report.
    nonisolated(nonsending) mutating func perform() async throws -> Work

    /// Ends what it has open.
    nonisolated(nonsending) mutating func finish() async throws

    /// Between one turn and the next, beside the time that counts. Default: none.
    var pause: Duration? { get }
}

extension Operation {
    nonisolated(nonsending) mutating func prepare() async throws {}
    nonisolated(nonsending) mutating func finish() async throws {}
    var pause: Duration? { nil }
}

/// One that can be done without tasks, by a thread that waits.
protocol BlockingOperation: Operation {
    @available(*, noasync) mutating func performBlocking() throws -> Work
}

/// The server answered, but not what it should.
struct UnexpectedResponse: Error, CustomStringConvertible {
    let description: String

    /// - Throws: Itself, unless `condition` is true.
    static func check(_ condition: Bool, _ description: @autoclosure () -> String) throws {
        if !condition { throw UnexpectedResponse(description: description()) }
    }
}

extension Scenario {
    /// - Parameters:
    ///   - users: On the connection that it is to use.
    ///   - options: Of its calls.
    ///   - index: Of its caller.
    func operation(_ users: UserServiceClient, _ options: CallOptions, index: Int) -> any Operation {
        switch self {
        case .unary, .connections: UnaryCalls(users: users, options: options)
        case .stream(let count): ServerStreams(users: users, options: options, count: Int32(count))
        case .upload(let count): Uploads(users: users, options: options, count: count)
        case .echo(let bytes, _): Echoes(users: users, options: options, bytes: bytes)
        case .bidi: PingPong(users: users, options: options)
        case .streams(let count): PingPongs(users: users, options: options, count: count)
        case .deadline: DeadlineCalls(users: users, options: options, turn: index)
        case .mixed: MixedCalls(users: users, options: options, turn: index)
        case .beside:
            index == 0
                ? SpacedCalls(users: users, options: options)
                : Echoes(users: users, options: options, bytes: 100 << 20, isCounted: false)
        }
    }

    /// Whether threads can do it.
    var canBlock: Bool {
        switch self {
        case .unary, .connections, .stream, .echo, .mixed: true
        case .upload, .bidi, .streams, .deadline, .beside: false
        }
    }
}
