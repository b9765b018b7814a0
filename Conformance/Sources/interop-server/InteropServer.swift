internal import ArgumentParser
internal import Interop
internal import Logging
internal import Martlet
internal import MartletTLS

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

@main
struct InteropServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interop-server",
        abstract: "Serves gRPC's interoperability tests on every wire until it gets SIGTERM or SIGINT.")

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 lets the system choose one.")
    var port: UInt16 = 0

    @Option(name: .customLong("use_tls"), help: "Whether to encrypt: true or false.")
    var usesTLS = false

    @Option(name: .customLong("tls_cert_file"), help: "The certificate, and those between it and an authority, in PEM.")
    var certificateFile: String?

    @Option(name: .customLong("tls_key_file"), help: "The certificate's private key, in PEM.")
    var keyFile: String?

    func validate() throws {
        guard usesTLS == (certificateFile != nil), usesTLS == (keyFile != nil) else {
            throw ValidationError("--use_tls true goes with --tls_cert_file and --tls_key_file, all three or none.")
        }
    }

    func run() async throws {
        var configuration = ServerConfiguration()
        configuration.logger = Logger(label: "interop-server", factory: { StreamLogHandler.standardError(label: $0) })
        let address = ListenAddress.tcp(host, Int(port), security: try security())
        let server = RPCServer(services: [InteropService()], listen: address, configuration: configuration)
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            print("interop-server is listening on \(try await server.addresses[0])")
            fflush(nil)
            try await group.waitForAll()
        }
    }

    private func security() throws(RPCError) -> ServerSecurity? {
        guard let certificateFile, let keyFile else { return nil }
        return try .tls(certificateChainFile: certificateFile, privateKeyFile: keyFile)
    }
}
