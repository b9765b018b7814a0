public import Martlet

/// A server that held on to something after its shutdown.
public struct LeftoverError: Error, CustomStringConvertible {
    /// What the server still held.
    public let statistics: ServerStatistics
    private let server: String

    /// Nil: everything is zero.
    init?(server: String, _ statistics: ServerStatistics) {
        if statistics == ServerStatistics() { return nil }
        self.statistics = statistics
        self.server = server
    }

    public var description: String { "the server \(server) was shut down and still holds \(statistics)" }
}
