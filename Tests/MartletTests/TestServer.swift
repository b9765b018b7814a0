import Logging
import Martlet
import Testing

/// Runs a server on a free port while `body` runs, then shuts it down and expects that nothing is left behind.
func withServer<R>(
    _ service: any RPCService, configuration: ServerConfiguration = .test(),
    _ body: (_ server: RPCServer, _ port: Int) async throws -> R
) async throws -> R {
    let server = RPCServer(services: [service], listen: .tcp("127.0.0.1", 0), configuration: configuration)
    let running = Task { try await server.run() }
    let result = try await body(server, server.addresses[0].port)
    await server.shutdown()
    try await running.value
    try await eventually { server.statistics.isEmpty }
    return result
}

/// The same with a channel to the server.
func withServerAndChannel<R>(
    _ service: any RPCService, server configuration: ServerConfiguration = .test(),
    channel channelConfiguration: ChannelConfiguration = .init(),
    _ body: (_ server: RPCServer, _ channel: ClientChannel) async throws -> R
) async throws -> R {
    try await withServer(service, configuration: configuration) { server, port in
        let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: channelConfiguration)
        let result = try await body(server, channel)
        await channel.shutdown()
        return result
    }
}

extension ServerConfiguration {
    /// Quiet, and deaf to signals.
    static func test(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.handlesSignals = false
        configuration.shutdownGrace = .seconds(5)
        configuration.logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        change(&configuration)
        return configuration
    }
}

extension ChannelConfiguration {
    static func test(_ change: (inout ChannelConfiguration) -> Void) -> ChannelConfiguration {
        var configuration = ChannelConfiguration()
        change(&configuration)
        return configuration
    }
}

/// Waits until something is so; fails the test when it stays otherwise for 20 seconds and more.
func eventually(
    _ what: String = "the condition", _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    // Looks are counted, not seconds: where threads are scarce, what is waited for takes as much longer.
    for _ in 0..<10_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("\(what) did not come about within 10,000 looks, 2 ms apart", sourceLocation: sourceLocation)
}

/// The error that a call ends with.
func errorOf(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Text
) async throws -> RPCError {
    do {
        let response = try await body()
        Issue.record("the call succeeded with \(response.text)", sourceLocation: sourceLocation)
        return RPCError(.unknown, "no error")
    } catch {
        return try #require(error as? RPCError, sourceLocation: sourceLocation)
    }
}

extension ServerStatistics {
    var isEmpty: Bool { connections == 0 && calls == 0 && tasks == 0 && queuedBytes == 0 }
}
