internal import Logging
public import Martlet
internal import MartletTransport
public import NIOCore
private import Synchronization

/// A network for tests, with its own time and seeded faults: servers, channels and the test itself run on one thread,
/// in an order that the seed decides.
///
/// ```swift
/// try await withTestNetwork(seed: 7) { network in
///     network.link.latency = .milliseconds(5) ... .milliseconds(30)
///     try await network.server("users", services: [Users()])
///     let users = UserServiceClient(network.channel(to: "users"))
///     async let user = users.getUser(.init(id: "u-1"), options: .timeout(.seconds(2)))
///     network.partition("users")
///     await network.advance(by: .seconds(2))
///     await #expect(throws: RPCError.self) { try await user }
/// }
/// ```
///
/// No time passes while anything can go on; then the clock jumps to what comes next. So a test of an hour's timeout
/// takes no time, and two runs with one seed have the same ``log``. What leaves the network's thread isn't under its
/// control: `Task { … }`, the main actor, and sleeping other than by ``clock``.
public final class TestNetwork: Sendable {
    private struct State {
        var servers: [(name: String, server: RPCServer, running: Task<Void, any Error>)] = []
        var channels: [ClientChannel] = []
    }

    private let core: NetworkCore
    /// Where the test's own code runs.
    private let loop: VirtualEventLoop
    private let state = Mutex(State())
    /// Keep the loops' executors, which are the same ones that connections use.
    private let executors = Mutex<[LoopExecutor]>([])

    fileprivate init(seed: UInt64, limit: Duration, whenStuck: @escaping @Sendable (String) -> Void) {
        let time = VirtualTime(limit: limit, whenStuck: whenStuck)
        core = NetworkCore(seed: seed, time: time)
        loop = VirtualEventLoop(time)
    }

    // MARK: - Who is there

    /// Starts a server, and returns when it listens. It shuts down at the end of the test.
    ///
    /// Throws what `RPCServer.run()` throws when it can't start.
    @discardableResult
    public func server(
        _ name: String, services: [any RPCService], configuration: ServerConfiguration? = nil
    ) async throws -> RPCServer {
        var configuration = configuration ?? .quiet
        configuration.handlesSignals = false
        let loop = VirtualEventLoop(core.time)
        configuration.eventLoopGroup = loop
        let server = RPCServer(
            services: services, listen: .inProcess(core.transport(of: name)), configuration: configuration)
        let running = Task(executorPreference: executor(of: loop)) { try await server.run() }
        _ = try await server.addresses
        state.withLock { $0.servers.append((name, server, running)) }
        return server
    }

    /// A channel to a server, which need not be there yet. It shuts down at the end of the test.
    ///
    /// Its backoff doesn't vary by chance.
    ///
    /// - Parameters:
    ///   - server: Its name.
    ///   - client: What the log calls it.
    ///   - configuration: Default: as usual, but without logs.
    public func channel(
        to server: String, from client: String = "client", configuration: ChannelConfiguration? = nil
    ) -> ClientChannel {
        var configuration = configuration ?? .quiet
        configuration.backoff.jitter = 0
        let loop = VirtualEventLoop(core.time)
        configuration.eventLoopGroup = loop
        let connector = NetworkConnector(core: core, client: client, server: server)
        let channel = ClientChannel(peer: server, connector: connector, configuration: configuration)
        state.withLock { $0.channels.append(channel) }
        return channel
    }

    /// A channel to several servers, which need not be there yet. It shuts down at the end of the test.
    ///
    /// What its balancing leaves to chance the network's seed decides.
    ///
    /// - Parameters:
    ///   - servers: Their names.
    ///   - client: What the log calls it.
    ///   - configuration: Default: as usual, but without logs.
    /// - Throws: INVALID_ARGUMENT for load balancing that can't be.
    public func channel(
        to servers: [String], from client: String = "client", configuration: ChannelConfiguration? = nil
    ) throws(RPCError) -> ClientChannel {
        try channel(to: servers.map { Self.endpoint($0) }, from: client, configuration: configuration)
    }

    /// The same with more said of each server. Their addresses are ``address(of:)``.
    public func channel(
        to endpoints: [Endpoint], from client: String = "client", configuration: ChannelConfiguration? = nil
    ) throws(RPCError) -> ClientChannel {
        try channel(named: "servers", from: client, configuration: configuration) { updates in
            updates.send(Resolution(endpoints: endpoints))
        }
    }

    /// A channel to the servers that a resolver finds, by their ``address(of:)``.
    public func channel(
        to target: String, by resolver: any Resolver, from client: String = "client",
        configuration: ChannelConfiguration? = nil
    ) throws(RPCError) -> ClientChannel {
        let target = try ResolverTarget(target)
        try resolver.check(target)
        return try channel(named: target.description, from: client, configuration: configuration) { updates in
            await resolver.resolve(target, updates)
        }
    }

    /// Where a server of the network is found, for endpoints.
    public static func address(of server: String) -> EndpointAddress { .tcp(server, 1) }

    /// A server of the network, with the server's name as its id.
    public static func endpoint(_ server: String, weight: UInt32 = 1, zone: String? = nil) -> Endpoint {
        Endpoint(id: server, addresses: [address(of: server)], weight: weight, zone: zone)
    }

    private func channel(
        named name: String, from client: String, configuration: ChannelConfiguration?,
        resolve: @escaping @Sendable (ResolverUpdates) async -> Void
    ) throws(RPCError) -> ClientChannel {
        var configuration = configuration ?? .quiet
        configuration.backoff.jitter = 0
        configuration.loadBalancing.seed = core.random { $0.next() }
        let loop = VirtualEventLoop(core.time)
        configuration.eventLoopGroup = loop
        let maker = SubchannelMaker(configuration: configuration) { [core] (address, _, _) throws(RPCError) in
            guard let server = address.host else {
                throw RPCError(.invalidArgument, "\(address) isn't on the test's network")
            }
            return NetworkConnector(core: core, client: client, server: server)
        }
        // The resolver runs on it too.
        executors.withLock { $0.append(maker.executor) }
        let channel = try ClientChannel(named: name, maker, configuration: configuration, resolve: resolve)
        state.withLock { $0.channels.append(channel) }
        return channel
    }

    /// A connection to a server that the test plays itself.
    ///
    /// Throws when the server refuses it, or doesn't answer within 20 s.
    public func connect(to server: String, from client: String = "peer") async throws -> ScriptedPeer {
        let connected = Eventually<ScriptedPeer>()
        let connector = NetworkConnector(core: core, client: client, server: server)
        try await connector.connect(on: VirtualEventLoop(core.time), timeout: .seconds(20)) { channel in
            connected.resolve(try ScriptedPeer(playing: channel))
        }.get()
        return await connected.value()
    }

    /// A server that the test plays itself.
    ///
    /// Throws UNAVAILABLE if there is one of that name.
    public func scriptedServer(_ name: String) throws -> ScriptedServer {
        try ScriptedServer(core.transport(of: name), loop: VirtualEventLoop(core.time))
    }

    private func executor(of loop: VirtualEventLoop) -> LoopExecutor {
        let executor = LoopExecutor.of(loop)
        executors.withLock { $0.append(executor) }
        return executor
    }

    // MARK: - How it is between them

    /// The ways to all servers that ``links`` doesn't name. Changes count from the next bytes on.
    public var link: LinkConditions {
        get { core.link }
        set { core.link = newValue }
    }

    /// The ways to single servers.
    public var links: [String: LinkConditions] {
        get { core.links }
        set { core.links = newValue }
    }

    /// Cuts a server off: nothing arrives in either direction, and nobody is told. What is sent meanwhile arrives
    /// after ``heal(_:)``, as TCP would send it anew.
    public func partition(_ server: String) { core.partition(server) }

    /// Ends a ``partition(_:)``: what was sent meanwhile arrives now.
    public func heal(_ server: String) { core.heal(server) }

    /// Breaks all connections to a server.
    public func reset(_ server: String) {
        for link in core.connections(to: server) { link.reset() }
    }

    /// Everything that went over the network so far, one line for each event.
    public var log: [String] { core.log }

    // MARK: - Time

    /// For code under test that sleeps.
    public var clock: TestClock { TestClock(loop) }

    /// For configurations that take a group of loops, such as a registry's, so that it lives in the network's time.
    public var eventLoop: any EventLoop { loop }

    /// Lets time pass, and returns when everything that happens until then has happened.
    public func advance(by duration: Duration) async {
        await clock.advance(to: clock.now.advanced(by: duration))
    }

    // MARK: - The test

    fileprivate func begin() { core.time.begin() }

    fileprivate func run<R: Sendable>(_ body: @escaping @Sendable (TestNetwork) async throws -> R) -> Task<R, any Error>
    {
        Task(executorPreference: executor(of: loop)) {
            let result = await Result { try await body(self) }
            let leftovers = await self.shutDown()
            if case .success = result, let leftovers { throw leftovers }
            return try result.get()
        }
    }

    private func shutDown() async -> LeftoverError? {
        let (channels, servers) = state.withLock { ($0.channels, $0.servers) }
        core.healAll()
        for channel in channels { await channel.shutdown(grace: .zero) }
        var leftovers: LeftoverError?
        for (name, server, running) in servers {
            await server.shutdown(grace: .zero)
            try? await running.value
            await advance(by: .zero)
            leftovers = leftovers ?? LeftoverError(server: name, server.statistics)
        }
        // Attempts to connect and bytes under way have their end, too.
        await advance(by: .seconds(3600))
        return leftovers
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Runs a test on a network of its own.
///
/// Throws what `body` throws, a ``LeftoverError`` if a server held on to something after the shutdown, and a
/// ``StuckError``, after cancelling `body`, when nothing more would happen.
///
/// - Parameters:
///   - seed: Decides all that is left to chance.
///   - limit: How much of the network's time the test may take. Default: a day.
///   - body: The test, on the network's thread.
public func withTestNetwork<R: Sendable>(
    seed: UInt64 = 1, limit: Duration = .seconds(86_400),
    _ body: @escaping @Sendable (_ network: TestNetwork) async throws -> R
) async throws -> R {
    let stuck = Eventually<StuckError>()
    let network = TestNetwork(seed: seed, limit: limit) { stuck.resolve(StuckError(reason: $0)) }
    let task = network.run(body)
    stuck.whenResolved { _ in task.cancel() }
    network.begin()
    return try await withTaskCancellationHandler {
        do { return try await task.value } catch { throw stuck.current ?? error }
    } onCancel: {
        task.cancel()
    }
}

/// A test on a network that wouldn't have ended.
public struct StuckError: Error, CustomStringConvertible {
    let reason: String

    public var description: String { "the test was cancelled: \(reason)" }
}
