import Logging
import Martlet
import MartletObservability
import MartletTesting
import Synchronization

/// Runs a server and a channel to it, both observed, while `body` runs. What they tell is complete when this returns.
func withObserved(
    _ service: TestService = TestService(), by observability: Observability, wire: ChannelConfiguration.Wire = .native,
    _ body: nonisolated(nonsending) (ClientChannel) async throws -> Void
) async throws {
    try await withServer(
        [service], server: .observed(by: observability), channel: .observed(by: observability, wire: wire), body)
}

extension ServerConfiguration {
    static func observed(by observability: Observability) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.logger = .quiet
        configuration.shutdownGrace = .seconds(5)
        configuration.observe(observability)
        return configuration
    }
}

extension ChannelConfiguration {
    static func observed(by observability: Observability, wire: Wire = .native) -> ChannelConfiguration {
        var configuration = ChannelConfiguration()
        configuration.logger = .quiet
        configuration.wire = wire
        configuration.observe(observability)
        return configuration
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "quiet", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

/// The lines of a log.
final class LogLines: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let lines = Mutex<[Line]>([])

    /// Those with a message.
    func all(_ message: String) -> [Line] { lines.withLock { $0.filter { $0.message == message } } }

    func logger(level: Logger.Level = .debug, provider: Logger.MetadataProvider? = nil) -> Logger {
        var logger = Logger(label: "lines") { _ in Handler(lines: self, metadataProvider: provider) }
        logger.logLevel = level
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadataProvider: Logger.MetadataProvider?
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
            all.merge(event.metadata ?? [:]) { $1 }
            let line = Line(
                level: event.level, message: "\(event.message)", metadata: all.mapValues { "\($0)" })
            lines.lines.withLock { $0.append(line) }
        }
    }
}

/// A value that a test shares with the closures it hands out.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}
