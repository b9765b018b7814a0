public import Martlet
private import Synchronization

/// How the channel of ``withServer(_:over:server:channel:_:)`` reaches its server.
public enum TestTransport: Sendable, CaseIterable {
    /// A free port of the loopback address.
    case tcp
    /// A socket in the directory for temporary files.
    case unix
    /// An in-memory connection.
    case inProcess
}

/// Runs a server, and a channel to it, while `body` runs; then shuts both down.
///
/// ```swift
/// try await withServer([Users()]) { channel in
///     let user = try await UserServiceClient(channel).getUser(.init(id: "u-1"))
///     #expect(user.displayName == "Ada")
/// }
/// ```
///
/// Throws what `body` throws, why the server can't start, and a ``LeftoverError`` if it held on to a connection, a call,
/// a handler or bytes after its shutdown.
///
/// - Parameters:
///   - services: What the server serves.
///   - transport: Default: TCP, as in production.
///   - serverConfiguration: Default: as usual, but without logs, and with a grace of 5 s.
///   - channelConfiguration: Default: as usual, but without logs.
///   - body: The test; the channel is shut down after it.
public nonisolated(nonsending) func withServer<R>(
    _ services: [any RPCService], over transport: TestTransport = .tcp,
    server serverConfiguration: ServerConfiguration? = nil, channel channelConfiguration: ChannelConfiguration? = nil,
    _ body: nonisolated(nonsending) (_ channel: ClientChannel) async throws -> R
) async throws -> R {
    let inProcess = InProcessTransport("test")
    var configuration = serverConfiguration ?? .quiet
    configuration.handlesSignals = false
    let server = RPCServer(services: services, listen: transport.address(inProcess), configuration: configuration)
    let running = Task { try await server.run() }
    let address = try await server.addresses[0]
    let channel =
        switch transport {
        case .tcp: try ClientChannel("tcp://\(address)", configuration: channelConfiguration ?? .quiet)
        case .unix: try ClientChannel("\(address)", configuration: channelConfiguration ?? .quiet)
        case .inProcess: ClientChannel(inProcess: inProcess, configuration: channelConfiguration ?? .quiet)
        }
    let result: Result<R, any Error>
    do { result = .success(try await body(channel)) } catch { result = .failure(error) }
    await channel.shutdown(grace: .seconds(5))
    await server.shutdown()
    try await running.value
    let value = try result.get()
    try await checkForLeftovers(of: server, at: address)
    return value
}

/// Handlers that were cancelled take a moment to return.
private nonisolated(nonsending) func checkForLeftovers(of server: RPCServer, at address: ListenAddress) async throws {
    for _ in 0..<1000 {
        if server.statistics == ServerStatistics() { return }
        try? await Task.sleep(for: .milliseconds(2))
    }
    if let leftovers = LeftoverError(server: "\(address)", server.statistics) { throw leftovers }
}

extension TestTransport {
    private static let sockets = Atomic(0)

    fileprivate func address(_ inProcess: InProcessTransport) -> ListenAddress {
        switch self {
        case .tcp: return .tcp("127.0.0.1", 0)
        case .inProcess: return .inProcess(inProcess)
        case .unix:
            let (_, number) = Self.sockets.add(1, ordering: .relaxed)
            return .unix("\(temporaryDirectory())/martlet-\(UInt32.random(in: 0 ... .max))-\(number).sock")
        }
    }
}
