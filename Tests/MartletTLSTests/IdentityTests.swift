import Foundation
import Logging
import Martlet
import MartletTLS
import Testing

/// Certificates and keys, where they come from, and what happens when they change.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct IdentityTests {
    /// Files that hold one identity after another.
    private struct Files {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-identity-\(UUID())")

        init(_ name: String) throws {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try replace(with: name)
        }

        var chain: String { directory.appending(path: "chain.pem").path }
        var key: String { directory.appending(path: "key.pem").path }

        func replace(with name: String) throws {
            try replaceChain(with: Certificates.bytes(Certificates.chain(name)))
            try Data(Certificates.bytes(Certificates.key(name))).write(to: URL(filePath: key), options: .atomic)
        }

        func replaceChain(with bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: chain), options: .atomic)
        }

        func remove() throws { try FileManager.default.removeItem(at: directory) }
    }

    /// Whom the client sees: `renewed` trusts itself only through the authority, so the name tells them apart.
    private func certificateOfServer(port: Int) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Certificates.openssl))
        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "martlet"]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return ["server", "renewed"].first { text.contains("subject=CN = \($0)") || text.contains("subject=CN=\($0)") }
            ?? text
    }

    @Test func newFilesAreUsedByNewConnections() async throws {
        let files = try Files("server")
        let log = Log()
        let identity = try TLSIdentity(
            certificateChainFile: files.chain, privateKeyFile: files.key, checkInterval: .zero, logger: log.logger)
        try await withTLSServer(tls: ServerTLSConfiguration(identity: identity)) { server, port in
            let channel = try tlsChannel(port: port)
            let before = try await channel.call("before")
            #expect(try certificateOfServer(port: port) == "server")

            try files.replace(with: "renewed")
            #expect(try certificateOfServer(port: port) == "renewed")
            #expect(log.level(of: "read the certificate again") == .info)

            let after = try await channel.call("after")
            #expect(before == "before" && after == "after")
            try await eventually { server.statistics.connections == 1 }
            await channel.shutdown()
        }
        try files.remove()
    }

    @Test func brokenFilesChangeNothing() async throws {
        let files = try Files("server")
        let log = Log()
        let identity = try TLSIdentity(
            certificateChainFile: files.chain, privateKeyFile: files.key, checkInterval: .zero, logger: log.logger)
        try await withTLSServer(tls: ServerTLSConfiguration(identity: identity)) { _, port in
            let whole = try Certificates.bytes(files.chain)
            let foreign = try Certificates.bytes(Certificates.chain("renewed"))
            for broken in [[], Array("nonsense".utf8), Array(whole.prefix(whole.count / 2)), foreign] {
                try files.replaceChain(with: broken)
                let response = try await call(port: port)
                #expect(response == "x")
                let error = try #require(throws: RPCError.self) { try identity.reload() }
                #expect(error.code == .failedPrecondition)
            }
            try FileManager.default.removeItem(atPath: files.chain)
            let response = try await call(port: port)
            #expect(response == "x")
            #expect(log.level(of: "the changed certificate can't be used; the old one stays in use") == .error)

            try files.replace(with: "renewed")
            #expect(try certificateOfServer(port: port) == "renewed")
        }
        try files.remove()
    }

    @Test func filesAreReadAgainOnDemand() async throws {
        let files = try Files("server")
        let identity = try TLSIdentity(
            certificateChainFile: files.chain, privateKeyFile: files.key, checkInterval: .seconds(3600))
        try await withTLSServer(tls: ServerTLSConfiguration(identity: identity)) { _, port in
            try files.replace(with: "renewed")
            #expect(try certificateOfServer(port: port) == "server")
            try identity.reload()
            #expect(try certificateOfServer(port: port) == "renewed")
        }
        try files.remove()
    }

    @Test func bytesDoAsWell() async throws {
        let identity = try TLSIdentity(
            certificateChain: Certificates.bytes(Certificates.chain("server")),
            privateKey: Certificates.bytes(Certificates.key("server")))
        let authority = try Certificates.bytes(Certificates.chain("authority"))
        try await withTLSServer(tls: ServerTLSConfiguration(identity: identity)) { _, port in
            let response = try await call(port: port) { $0.trustRoots = .bytes(authority) }
            #expect(response == "x")
        }
    }

    @Test func errorsNameTheFile() throws {
        let (chain, key) = (Certificates.chain("server"), Certificates.key("server"))
        func error(_ chain: String, _ key: String) throws -> String {
            let error = try #require(throws: RPCError.self) {
                try ServerSecurity.tls(certificateChainFile: chain, privateKeyFile: key)
            }
            #expect(error.code == .failedPrecondition)
            return error.message
        }
        #expect(try error("/no/such.pem", key) == "/no/such.pem can't be read: No such file or directory")
        #expect(try error(chain, "/no/such.key") == "/no/such.key can't be read: No such file or directory")
        #expect(try error(key, key).hasPrefix("\(key): a certificate in PEM was expected"))
        #expect(try error(chain, chain).hasPrefix("\(chain): a private key in PEM, without a passphrase, was expected"))
        let foreign = try error(chain, Certificates.key("client"))
        #expect(foreign.hasPrefix("the private key isn't that of the certificate chain's first"))
        var client = ClientTLSConfiguration()
        client.trustRoots = .file("/no/such.pem")
        #expect(throws: RPCError.self) { try ClientSecurity.tls(client) }
    }
}
