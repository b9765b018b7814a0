public import ArgumentParser
private import Foundation
public import Logging
public import Martlet
private import MartletEtcd

/// The flags that every server here has beside its port, and what they do.
public struct ServerOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    public var host = "127.0.0.1"

    @Option(
        help: "The least severe messages to log: trace, debug, info, notice, warning, error or critical.",
        transform: level(named:))
    public var logLevel = Logger.Level.info

    @Option(help: "The etcd to register with, such as tcp://127.0.0.1:2379. Default: none.")
    public var etcd: String?

    @Option(help: "The instance's name in the registry. Default: one by chance.")
    public var id: String?

    @Flag(help: .hidden)
    public var slowsOnSignal = false

    public init() {}

    public func logger(_ label: String) -> Logger {
        var logger = Logger(label: label, factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel
        return logger
    }

    public func health(_ logger: Logger) -> Health { Health(version: "1.0.0", logger: logger) }

    /// Serves until SIGTERM or SIGINT and returns when it has drained. Says on standard output where it listens.
    ///
    /// Beside the service there are health, also at `/health`, `/readyz` and `/livez`, and reflection.
    public func serve(
        _ service: any RPCService, named name: String, port: UInt16, health: Health, logger: Logger
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.logger = logger
        configuration.httpRoutes = health.httpRoutes
        if let etcd {
            let registry = try EtcdRegistry([etcd])
            configuration.registrations = [
                Registration(registry, service: name, id: id, health: health, logger: logger)
            ]
        }
        if slowsOnSignal { configuration.interceptors = [Slowness()] }
        let server = RPCServer(
            services: [service, HealthService(health), ReflectionService()], listen: .tcp(host, Int(port)),
            configuration: configuration)
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            for address in try await server.addresses {
                print("\(name) is listening on \(address)")
            }
            fflush(nil)
            try await group.waitForAll()
        }
    }
}

private func level(named name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
        throw ValidationError("'\(name)' is none of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return level
}
