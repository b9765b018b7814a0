import Logging
import Martlet
import Testing

/// Runs servers on one port of several of loopback's addresses, which answer with their addresses.
func withNamedServers(_ addresses: [String], _ body: (_ port: Int) async throws -> Void) async throws {
    let (servers, port) = await start(addresses)
    try await body(port)
    for (server, running) in servers {
        await server.shutdown(grace: .zero)
        try await running.value
    }
}

private typealias Running = (server: RPCServer, running: Task<Void, any Error>)

/// The first gets a free port, which may be taken at another address: then with another port.
private func start(_ addresses: [String]) async -> ([Running], port: Int) {
    while true {
        var servers: [Running] = []
        var port = 0
        do {
            for address in addresses {
                let server = server(address, port)
                servers.append((server, Task { try await server.run() }))
                port = try await server.addresses[0].port
            }
            return (servers, port)
        } catch {
            for (server, _) in servers { await server.shutdown(grace: .zero) }
        }
    }
}

private func server(_ address: String, _ port: Int) -> RPCServer {
    var configuration = ServerConfiguration()
    configuration.handlesSignals = false
    configuration.logger.logLevel = .critical
    return RPCServer(services: [Named(address)], listen: .tcp(address, port), configuration: configuration)
}
