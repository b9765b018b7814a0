internal import ArgumentParser
internal import Interop
internal import Martlet
internal import MartletTLS

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

@main
struct InteropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interop-client",
        abstract: "Runs gRPC's interoperability tests against a server; a line for each case.",
        discussion: """
            Exits with 0 if all cases passed, else with 1.

            The cases: \(InteropCase.all.map(\.name).joined(separator: ", ")).
            """)

    @Option(name: .customLong("server_host"))
    var host = "localhost"

    @Option(name: .customLong("server_port"))
    var port: UInt16

    @Option(name: .customLong("test_case"), help: "The name of a case, or all.")
    var testCase = "large_unary"

    @Option(name: .customLong("use_tls"), help: "Whether to encrypt: true or false.")
    var usesTLS = false

    @Option(
        name: [.customLong("ca_file"), .customLong("custom_credentials_ca")],
        help: "The authorities to believe, in PEM. Default: the machine's.")
    var authoritiesFile: String?

    @Option(
        name: .customLong("server_host_override"),
        help: "The name that the server's certificate must have. Default: --server_host.")
    var serverName: String?

    @Option(help: "The protocol: grpc, or native for Martlet's own.")
    var wire = "grpc"

    @OptionGroup(title: "rpc_soak and channel_soak")
    var soak: SoakArguments

    func validate() throws {
        guard InteropCase.named(testCase) != nil else {
            throw ValidationError("There is no case '\(testCase)'; --help lists them.")
        }
        guard usesTLS || authoritiesFile == nil && serverName == nil else {
            throw ValidationError("--ca_file and --server_host_override need --use_tls true.")
        }
        guard ChannelConfiguration.Wire(rawValue: wire) != nil else {
            let known = ChannelConfiguration.Wire.allCases.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("There is no wire '\(wire)'; there are \(known).")
        }
    }

    func run() async throws {
        let target = try target()
        let soak = soak.options
        var hasFailed = false
        for testCase in InteropCase.named(testCase)! {
            let clock = ContinuousClock()
            let start = clock.now
            let problem = await testCase.problem(target, soak: soak)
            let milliseconds = (clock.now - start) / .milliseconds(1)
            print(
                problem.map { "FAIL \(testCase.name): \($0)" }
                    ?? "PASS \(testCase.name) (\(Int(milliseconds)) ms)")
            fflush(nil)
            hasFailed = hasFailed || problem != nil
        }
        if hasFailed { throw ExitCode.failure }
    }

    private func target() throws -> InteropTarget {
        var configuration = ChannelConfiguration()
        configuration.wire = ChannelConfiguration.Wire(rawValue: wire)!
        // No case takes as long; a server that doesn't answer fails it.
        configuration.defaultTimeout = .seconds(60)
        if usesTLS {
            var tls = ClientTLSConfiguration()
            if let authoritiesFile { tls.trustRoots = .file(authoritiesFile) }
            tls.serverName = serverName
            configuration.security = try .tls(tls)
        }
        let authority = host.contains(":") ? "[\(host)]" : host
        return InteropTarget("tcp://\(authority):\(port)", configuration: configuration)
    }
}
