import Logging
import Martlet
import MartletTLS
import MartletTesting
import Testing

/// Peers of which one speaks TLS and the other doesn't, and those that say nothing.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct PlaintextTests {
    @Test func aPlaintextClientIsToldAboutTLS() async throws {
        let log = Log()
        try await withTLSServer(configuration: .test { $0.logger = log.logger }) { _, port in
            let channel = try ClientChannel("tcp://localhost:\(port)")
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("this port speaks TLS, and the client doesn't"))
            await channel.shutdown()
            try await eventually("the server's log") {
                log.level(of: "a handshake failed error=the client doesn't speak TLS") == .info
            }
        }
    }

    @Test func aClientWithTLSIsToldAboutPlaintext() async throws {
        let log = Log()
        try await withServer(TestService.echo, configuration: .test { $0.logger = log.logger }) { _, port in
            let error = try await errorOf { try await call(port: port, host: "127.0.0.1") }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("TLS handshake: the server doesn't speak TLS"))
            try await eventually("the server's log") {
                log.level(of: "the connection began with a TLS handshake") == .info
            }
        }
    }

    @Test func silenceEndsWithTheHandshakesTime() async throws {
        let log = Log()
        let configuration = ServerConfiguration.test {
            $0.handshakeTimeout = .milliseconds(200)
            $0.logger = log.logger
        }
        try await withTLSServer(configuration: configuration) { _, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.expectClosing()
            try await eventually("the server's log") { log.level(of: "no handshake in time") == .info }
        }
    }

    @Test func thoseThatOnlyLookAreHardlyLogged() async throws {
        let log = Log()
        try await withTLSServer(configuration: .test { $0.logger = log.logger }) { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await peer.close()
            try await eventually { log.level(of: "a handshake failed") == .debug }
            #expect(server.statistics.isEmpty)
        }
    }

    @Test func aShutdownWaitsForNoHandshake() async throws {
        try await withTLSServer { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            try await eventually { server.statistics.connections == 1 }
            await server.shutdown()
            try await peer.expectClosing()
        }
    }

    /// Bytes that begin as TLS does and go wrong.
    @Test(arguments: 0..<20)
    func brokenRecordsLeaveNothing(length: Int) async throws {
        try await withTLSServer { server, port in
            let peer = try await ScriptedPeer.connect(port: port)
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x00, 0x10] + (0..<15).map { UInt8($0 * 17) }
            try await peer.send(Array(hello.prefix(length + 1)))
            try await peer.close()
            try await eventually { server.statistics.isEmpty }
            let response = try await call(port: port)
            #expect(response == "x")
        }
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        let server = try await ScriptedServer.listen()
        var tls = ClientTLSConfiguration()
        tls.trustRoots = .file(Certificates.chain("authority"))
        var configuration = ChannelConfiguration()
        configuration.security = try .tls(tls)
        configuration.connectTimeout = .seconds(1)
        let channel = try ClientChannel("tcp://127.0.0.1:\(server.port)", configuration: configuration)
        let error = try await errorOf { try await channel.call("x") }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("the server didn't finish the handshake in time"))
        await channel.shutdown()
        try await server.close()
    }

    @Test func socketsOfTheMachineTakeNoSecurity() async throws {
        var configuration = ChannelConfiguration()
        configuration.security = try .tls()
        let error = try await errorOf {
            _ = try ClientChannel("unix:/tmp/s", configuration: configuration)
            return "made"
        }
        #expect(error.code == .invalidArgument)
    }
}
