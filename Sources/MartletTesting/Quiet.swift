internal import Logging
internal import Martlet

extension ServerConfiguration {
    /// The defaults, for a server that lives as long as a test: it logs nothing and leaves signals to the test's runner.
    static var quiet: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.handlesSignals = false
        configuration.shutdownGrace = .seconds(5)
        configuration.logger = .quiet
        return configuration
    }
}

extension ChannelConfiguration {
    static var quiet: ChannelConfiguration {
        var configuration = ChannelConfiguration()
        configuration.logger = .quiet
        return configuration
    }
}

extension Logger {
    private static let quietLabel = "martlet.testing"
    fileprivate static var quiet: Logger { Logger(label: quietLabel) { _ in SwiftLogNoOpLogHandler() } }
}
