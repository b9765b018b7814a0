import Logging
import Martlet
import MartletTesting
import Synchronization
import Testing

/// A service that answers with its server's name.
struct Named: RPCService {
    typealias Answer = nonisolated(nonsending) @Sendable (Text, ServerContext) async throws -> Text

    let answer: Answer

    init(_ name: String) { answer = { _, _ in Text(name) } }

    init(answer: @escaping Answer) { self.answer = answer }

    func register(in router: inout Router) {
        router.register(
            TestMethods.service,
            [
                .unary(TestMethods.get, answer),
                .serverStreaming(TestMethods.list) { request, responses, context in
                    try await responses.write(try await answer(request, context))
                },
                .bidirectional(TestMethods.chat) { requests, responses, context in
                    for try await request in requests {
                        try await responses.write(try await answer(request, context))
                    }
                },
            ])
    }
}

extension TestNetwork {
    /// Starts servers that answer with their names.
    @discardableResult
    func named(_ names: [String]) async throws -> [RPCServer] {
        var servers: [RPCServer] = []
        for name in names { servers.append(try await server(name, services: [Named(name)])) }
        return servers
    }
}

extension TestNetwork {
    /// How a call ends whose caller cancels it after a while.
    func codeWhenCancelled(
        after delay: Duration, _ call: @escaping @Sendable () async throws -> Void
    ) async -> StatusCode? {
        await withTaskGroup(of: StatusCode?.self) { group in
            group.addTask {
                do { try await call() } catch { return (error as? RPCError)?.code }
                return .ok
            }
            if delay > .zero { await advance(by: delay) }
            group.cancelAll()
            return await group.next() ?? nil
        }
    }
}

extension ClientChannel {
    /// Who answered each of a number of calls, made one after another.
    func answers(_ count: Int, options: CallOptions = .default) async throws -> [String] {
        var answers: [String] = []
        for _ in 0..<count { answers.append(try await get("x", options: options).text) }
        return answers
    }
}

extension Sequence where Element: Hashable {
    var counts: [Element: Int] { reduce(into: [:]) { $0[$1, default: 0] += 1 } }
}

/// A resolver that says what the test tells it to.
final class ScriptedResolver: Resolver {
    let scheme = "scripted"
    private let state = Mutex<(updates: ResolverUpdates?, requests: Int)>((nil, 0))

    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        state.withLock { $0.updates = updates }
        while !Task.isCancelled {
            await updates.waitForRequest(orAfter: nil)
            if !Task.isCancelled { state.withLock { $0.requests += 1 } }
        }
    }

    func say(_ endpoints: [String]) { say(endpoints.map { TestNetwork.endpoint($0) }) }
    func say(_ endpoints: [Endpoint]) { updates.send(Resolution(endpoints: endpoints)) }
    func fail(_ what: String) { updates.fail(RPCError(.unavailable, what)) }

    private var updates: ResolverUpdates { state.withLock { $0.updates! } }
    var isStarted: Bool { state.withLock { $0.updates != nil } }
    /// How often the channel wanted a new answer.
    var requests: Int { state.withLock { $0.requests } }
}

extension ChannelConfiguration {
    static func balancing(_ policy: LoadBalancing.Policy? = nil, _ change: (inout LoadBalancing) -> Void = { _ in })
        -> ChannelConfiguration
    {
        var configuration = ChannelConfiguration()
        configuration.logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        configuration.loadBalancing.policy = policy
        change(&configuration.loadBalancing)
        return configuration
    }
}
