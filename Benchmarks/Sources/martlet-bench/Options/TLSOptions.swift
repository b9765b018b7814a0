import ArgumentParser
import BenchmarkAPI

#if TLS
    import MartletTLS
#endif

/// Whether connections are encrypted, at either end.
struct TLSOptions: ParsableArguments {
    @Flag(help: "Speak TLS. Only where this program was built with --traits TLS.")
    var tls = false

    @Option(
        help: ArgumentHelp(
            "Where certificate.sh put server.pem and server.key. (default: .build/certificates of the package)",
            valueName: "directory"))
    var certificates: String?

    func validate() throws {
        #if !TLS
            if tls { throw ValidationError("this program has no TLS: build it with `swift build --traits TLS`") }
        #endif
    }

    /// Nil without `--tls`.
    func serverSecurity() throws -> ServerSecurity? {
        #if TLS
            guard tls else { return nil }
            return try .tls(
                certificateChainFile: "\(directory)/server.pem", privateKeyFile: "\(directory)/server.key")
        #else
            return nil
        #endif
    }

    /// Trusts the server's own certificate, and no authority. Nil without `--tls`.
    func clientSecurity() throws -> ClientSecurity? {
        #if TLS
            guard tls else { return nil }
            var configuration = ClientTLSConfiguration()
            configuration.trustRoots = .file("\(directory)/server.pem")
            return try .tls(configuration)
        #else
            return nil
        #endif
    }

    #if TLS
        /// This file is in `Sources/martlet-bench/Options` of the package.
        private var directory: String {
            let package = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
            return certificates ?? "\(package)/.build/certificates"
        }
    #endif
}
