import Foundation
import Logging
import Martlet
import MartletTLS
import Testing

/// Calls over TLS, and the handshakes that don't get so far.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct TLSTests {
    @Test(arguments: [TLSMinimumVersion.tls12, .tls13], [0, 1, 100_000, 3_000_000])
    func messagesOfEverySizeComeBack(version: TLSMinimumVersion, size: Int) async throws {
        try await withTLSServer { server, port in
            let channel = try tlsChannel(port: port) { $0.minimumVersion = version }
            let request = Text(count: size)
            let response = try await channel.call(request)
            #expect(response == request)
            #expect(server.statistics.connections == 1)
            await channel.shutdown()
        }
    }

    @Test func manyCallsShareAConnection() async throws {
        try await withTLSServer { server, port in
            let channel = try tlsChannel(port: port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<16 {
                    group.addTask {
                        for call in 0..<20 {
                            let request = Text("worker \(worker) call \(call)")
                            let response = try await channel.call(request)
                            #expect(response == request)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.statistics.connections == 1)
            await channel.shutdown()
        }
    }

    @Test func aServerThatShutsDownLetsCallsFinish() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService { request, _ in
            for await _ in gate { break }
            return request
        }
        try await withTLSServer(service) { server, port in
            let channel = try tlsChannel(port: port)
            async let underWay = channel.call("under way")
            try await eventually { server.statistics.calls == 1 }
            async let stopped: Void = server.shutdown()
            try await eventually("the server's goodbye") { channel.statistics.state != .ready }
            opening.finish()
            let response = try await underWay
            #expect(response == "under way")
            await stopped
            await channel.shutdown()
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func namesAndAddressesAreLookedFor(host: String) async throws {
        try await withTLSServer { _, port in
            let response = try await call(port: port, host: host)
            #expect(response == "x")
        }
    }

    @Test func aServersNameCanBeGiven() async throws {
        try await withTLSServer(tls: try serverTLS("elsewhere")) { _, port in
            let response = try await call(port: port) { $0.serverName = "elsewhere.example" }
            #expect(response == "x")
        }
    }

    @Test func theGivenNameIsAName() throws {
        for (name, words) in [("10.0.0.1", "is an address"), ("", "can't be the name of a server")] {
            var tls = ClientTLSConfiguration()
            tls.serverName = name
            let error = try #require(throws: RPCError.self) { try ClientSecurity.tls(tls) }
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains(words))
        }
    }

    @Test func aWrongNameIsRefused() async throws {
        try await withTLSServer(tls: try serverTLS("elsewhere")) { _, port in
            let error = try await errorOf { try await call(port: port) }
            #expect(error.code == .unavailable)
            #expect(error.message.hasPrefix("cannot connect to tcp://localhost:\(port) (attempt 1): TLS handshake: "))
            #expect(
                error.message.contains(
                    "the server's certificate isn't for localhost; it is for elsewhere.example, else.example"))
        }
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let log = Log()
        try await withTLSServer(configuration: .test { $0.logger = log.logger }) { _, port in
            let error = try await errorOf { try await call(port: port, trusted: "stranger") }
            #expect(error.code == .unavailable)
            #expect(
                error.message.contains(
                    "the server's certificate (server) isn't signed by a trusted authority, but by authority"))
            #expect(error.connectionFailure?.stage == .securing)
            #expect(error.connectionFailure?.cause == .untrusted)
            let words = "the client doesn't trust the authority that signed the server's certificate"
            try await eventually("the server's log") { log.level(of: words) == .info }
        }
    }

    @Test func anExpiredCertificateIsRefused() async throws {
        let log = Log()
        try await withTLSServer(tls: try serverTLS("expired"), configuration: .test { $0.logger = log.logger }) {
            _, port in
            let error = try await errorOf { try await call(port: port) }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("the server's certificate (expired) expired on 20"))
            let words = "the client says that the server's certificate has expired"
            try await eventually("the server's log") { log.level(of: words) == .info }
        }
    }

    @Test func otherProtocolsAreRefused() async throws {
        try await withTLSServer(tls: try serverTLS { $0.applicationProtocols = ["h2"] }) { _, port in
            let error = try await errorOf { try await call(port: port) }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("the client only martlet; is it a Martlet server?"))
        }
        try await withTLSServer(tls: try serverTLS { $0.applicationProtocols = ["martlet"] }) { _, port in
            let error = try await errorOf { try await call(port: port, wire: .grpc) }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("the server speaks none of the protocols"))
            #expect(error.message.contains("the client only h2; does it speak gRPC?"))
        }
    }

    @Test func noCommonVersionIsNamed() async throws {
        try await withTLSServer(tls: try serverTLS { $0.minimumVersion = .tls13 }) { _, port in
            let output = try openssl(["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_2"])
            #expect(output.contains("alert protocol version"))
            let response = try await call(port: port)
            #expect(response == "x")
        }
    }

    @Test func foreignersAgreeOnTheProtocol() async throws {
        try await withTLSServer { _, port in
            for (offer, choice) in [
                ("martlet", "martlet"), ("martlet,h2", "h2"), ("http/1.1,h2", "h2"), ("http/1.1", "http/1.1"),
            ] {
                let output = try openssl([
                    "s_client", "-connect", "127.0.0.1:\(port)", "-alpn", offer, "-CAfile",
                    Certificates.chain("authority"), "-verify_return_error",
                ])
                #expect(output.contains("ALPN protocol: \(choice)"))
                #expect(output.contains("Verify return code: 0 (ok)"))
                #expect(output.contains("TLSv1.3"))
            }
        }
    }

    private func openssl(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Certificates.openssl))
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
