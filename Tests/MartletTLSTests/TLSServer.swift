import Foundation
import Logging
import Martlet
import MartletTLS
import Synchronization
import Testing

/// Runs a server with TLS while `body` runs, then shuts it down and expects that nothing is left behind.
///
/// - Parameter tls: Default: the certificate `server`, and nothing asked of clients.
func withTLSServer<R>(
    _ service: any RPCService = TestService.echo, tls: ServerTLSConfiguration? = nil,
    configuration: ServerConfiguration = .test(),
    _ body: (_ server: RPCServer, _ port: Int) async throws -> R
) async throws -> R {
    let tls = try tls ?? serverTLS()
    let server = RPCServer(
        services: [service], listen: .tcp("127.0.0.1", 0, security: try .tls(tls)), configuration: configuration)
    let running = Task { try await server.run() }
    let result = try await body(server, server.addresses[0].port)
    await server.shutdown()
    try await running.value
    try await eventually { server.statistics.isEmpty }
    return result
}

/// - Parameter certificate: A name of `Certificates`.
func serverTLS(
    _ certificate: String = "server", _ change: (inout ServerTLSConfiguration) -> Void = { _ in }
) throws -> ServerTLSConfiguration {
    var tls = ServerTLSConfiguration(identity: try identity(certificate))
    change(&tls)
    return tls
}

/// One call over a connection of its own.
///
/// - Parameter trusted: The authority that the client trusts, a name of `Certificates`.
func call(
    port: Int, host: String = "localhost", trusted: String = "authority", wire: ChannelConfiguration.Wire = .native,
    _ change: (inout ClientTLSConfiguration) -> Void = { _ in }
) async throws -> Text {
    let channel = try tlsChannel(port: port, host: host, trusted: trusted, wire: wire, change)
    do {
        let response = try await channel.call("x")
        await channel.shutdown()
        return response
    } catch {
        await channel.shutdown()
        throw error
    }
}

func tlsChannel(
    port: Int, host: String = "localhost", trusted: String = "authority", wire: ChannelConfiguration.Wire = .native,
    _ change: (inout ClientTLSConfiguration) -> Void = { _ in }
) throws -> ClientChannel {
    var tls = ClientTLSConfiguration()
    tls.trustRoots = .file(Certificates.chain(trusted))
    change(&tls)
    var configuration = ChannelConfiguration()
    configuration.security = try .tls(tls)
    configuration.wire = wire
    return try ClientChannel("tcp://\(host):\(port)", configuration: configuration)
}

func identity(_ name: String) throws -> TLSIdentity {
    try TLSIdentity(certificateChainFile: Certificates.chain(name), privateKeyFile: Certificates.key(name))
}

/// What a server logs.
final class Log: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    /// A client may know what happened before the server has written of it: to be waited for.
    func level(of text: String) -> Logger.Level? { lines.withLock { $0.first { $0.text.contains(text) }?.level } }

    var text: String { lines.withLock { $0.map { "\($0.level): \($0.text)" }.joined(separator: "\n") } }

    private struct Handler: LogHandler {
        let log: Log
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { " \($0.key)=\($0.value)" }.sorted().joined()
            log.lines.withLock { $0.append((event.level, "\(event.message)\(fields)")) }
        }
    }
}
