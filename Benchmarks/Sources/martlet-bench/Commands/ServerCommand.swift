import ArgumentParser
import BenchmarkAPI
import NIOPosix

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Answer clients on every wire, until SIGTERM or SIGINT.")

    @Argument(help: "The TCP port to listen on.")
    var port: Int

    @Option(
        help: """
            plain: the defaults; featured: an interceptor, keepalive, limits of idleness and age; observed: metrics \
            and traces; synchronous: unary handlers are plain functions.
            """)
    var mode = ServerMode.plain

    @Option(help: "Where blobs are echoed: on the event loop or on the global pool.")
    var blobs = BlobExecutor.loop

    @Option(help: "Event loops. (default: one for each core)")
    var loops: Int?

    @Flag(help: "Listen on all addresses, not on 127.0.0.1 alone.")
    var everywhere = false

    @OptionGroup var tls: TLSOptions

    func validate() throws {
        if let loops, loops < 1 { throw ValidationError("--loops is a number from 1, not \(loops)") }
    }

    func run() async throws {
        raiseFileLimit()
        var configuration = ServerConfiguration()
        configuration.maxMessageBytes = maxMessageBytes
        configuration.maxConcurrentCallsPerConnection = Self.maxConcurrentCallsPerConnection
        if let loops { configuration.eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: loops) }
        mode.configure(&configuration)
        let server = RPCServer(
            services: [blobs.applied(to: mode.service)],
            listen: .tcp(everywhere ? "0.0.0.0" : "127.0.0.1", port, security: try tls.serverSecurity()),
            configuration: configuration)
        try await server.run()
    }

    /// `streams:10000` opens as many on one connection.
    private static let maxConcurrentCallsPerConnection = 100_000
}
