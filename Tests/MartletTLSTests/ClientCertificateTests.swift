import Logging
import Martlet
import MartletTLS
import Testing

/// Clients that must, may or needn't prove who they are.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct ClientCertificateTests {
    /// Tells who calls.
    private var service: TestService {
        TestService { _, context in
            guard let certificate = context.peer.certificate else { return "nobody" }
            return Text("\(certificate.commonName ?? "?") \(certificate.dnsNames) \(certificate.derBytes.count > 200)")
        }
    }

    private func withServer(
        _ policy: ServerTLSConfiguration.ClientCertificates, log: Log = Log(), _ body: (Int) async throws -> Void
    ) async throws {
        let tls = try serverTLS {
            $0.clientCertificates = policy
            $0.trustRoots = .file(Certificates.chain("authority"))
        }
        try await withTLSServer(service, tls: tls, configuration: .test { $0.logger = log.logger }) { _, port in
            try await body(port)
        }
    }

    @Test(arguments: [TLSMinimumVersion.tls12, .tls13])
    func theHandlerKnowsWhoCalls(version: TLSMinimumVersion) async throws {
        for policy in [ServerTLSConfiguration.ClientCertificates.required, .optional] {
            try await withServer(policy) { port in
                let client = try identity("client")
                let response = try await call(port: port) {
                    $0.identity = client
                    $0.minimumVersion = version
                }
                #expect(response.text == "client [\"client.internal\"] true")
            }
        }
    }

    @Test func clientsThatNeedNotSayAreNobody() async throws {
        for policy in [ServerTLSConfiguration.ClientCertificates.none, .optional] {
            try await withServer(policy) { port in
                let response = try await call(port: port)
                #expect(response == "nobody")
            }
        }
        try await withServer(.none) { port in
            let client = try identity("client")
            let response = try await call(port: port) { $0.identity = client }
            #expect(response == "nobody")
        }
    }

    @Test func aClientThatSaysNothingIsRefused() async throws {
        let log = Log()
        try await withServer(.required, log: log) { port in
            let error = try await errorOf { try await call(port: port) }
            #expect(error.code == .unavailable)
            #expect(
                error.message.contains("the server requires a certificate, and the client showed none"),
                "\(error.message)")
            #expect(error.connectionFailure?.cause == .untrusted)
            try await eventually("the server's log") {
                log.level(of: "the client showed no certificate, and the server requires one") == .info
            }
        }
    }

    @Test(arguments: [ServerTLSConfiguration.ClientCertificates.required, .optional])
    func aClientOfAStrangerIsRefused(policy: ServerTLSConfiguration.ClientCertificates) async throws {
        let log = Log()
        try await withServer(policy, log: log) { port in
            let intruder = try identity("intruder")
            let error = try await errorOf { try await call(port: port) { $0.identity = intruder } }
            #expect(error.code == .unavailable)
            #expect(
                error.message.contains("the server doesn't trust the authority that signed the client's certificate"),
                "\(error.message)")
            let words = "the client's certificate (intruder) isn't signed by a trusted authority, but by stranger"
            try await eventually("the server's log") { log.level(of: words) == .info }
        }
    }
}
