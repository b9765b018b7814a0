import ArgumentParser
import BenchmarkAPI

/// How a client speaks to the server.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "What to speak: native, grpc or ttrpc.", transform: ChannelConfiguration.Wire.init(parsing:))
    var wire = ChannelConfiguration.Wire.native

    @OptionGroup var tls: TLSOptions

    /// Channels to 127.0.0.1, each with its one connection made.
    ///
    /// - Parameter change: Adds what is special about them.
    func connect(
        _ count: Int, port: Int, change: (inout ChannelConfiguration) -> Void = { _ in }
    ) async throws -> [ClientChannel] {
        var configuration = ChannelConfiguration()
        configuration.wire = wire
        configuration.maxMessageBytes = maxMessageBytes
        // The caller says how many there are.
        configuration.maxConnectionsPerEndpoint = 1
        configuration.security = try tls.clientSecurity()
        change(&configuration)
        var channels: [ClientChannel] = []
        for _ in 0..<count {
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: configuration)
            try await channel.connect(timeout: .seconds(10))
            channels.append(channel)
        }
        return channels
    }
}

extension ChannelConfiguration.Wire {
    /// - Throws: `ValidationError` for what is none.
    fileprivate init(parsing text: String) throws {
        guard let wire = Self(rawValue: text) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no wire \(text); there are \(names)")
        }
        self = wire
    }
}
