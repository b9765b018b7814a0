import Foundation
import Martlet
import Testing

/// nghttp2's programs, which know HTTP/2 but nothing of gRPC.
@Suite struct HTTP2ToolTests {
    private static let nghttp = PeerProcess.path(of: "nghttp")
    private static let h2load = PeerProcess.path(of: "h2load")
    private static let nghttpd = PeerProcess.path(of: "nghttpd")
    private static let missing = "nghttp2's programs are missing: install nghttp2-client and nghttp2-server"

    /// A message as gRPC frames it: not compressed, its length, its bytes.
    private static func frame(_ text: String) -> [UInt8] {
        [0] + withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian, Array.init) + Array(text.utf8)
    }

    private static func withRequestFile<R>(_ text: String, _ body: (_ path: String) async throws -> R) async throws -> R
    {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-request-\(UUID())")
        try Data(frame(text)).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

    private static let headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]

    @Test(.enabled(if: nghttp != nil, "\(missing)"))
    func nghttpSeesHeadersMessageAndTrailers() async throws {
        try await withServer(PeerService()) { _, port in
            let lines = try await Self.withRequestFile("hello") { file in
                try await PeerProcess.run(
                    [Self.nghttp!, "-v", "--no-color", "-t", "10", "-d", file] + Self.headers
                        + ["http://127.0.0.1:\(port)/martlet.testing.Peer/Echo"])
            }
            let text = lines.joined(separator: "\n")
            #expect(text.contains(":status: 200"), "\(text)")
            #expect(text.contains("content-type: application/grpc"), "\(text)")
            #expect(text.contains("grpc-status: 0"), "\(text)")
        }
    }

    @Test(.enabled(if: nghttp != nil, "\(missing)"))
    func nghttpSeesTheStatusOfAMissingMethod() async throws {
        try await withServer(PeerService()) { _, port in
            let lines = try await Self.withRequestFile("") { file in
                try await PeerProcess.run(
                    [Self.nghttp!, "-v", "--no-color", "-t", "10", "-d", file] + Self.headers
                        + ["http://127.0.0.1:\(port)/martlet.testing.Peer/Missing"])
            }
            let text = lines.joined(separator: "\n")
            #expect(text.contains(":status: 200"), "\(text)")
            #expect(text.contains("grpc-status: 12"), "\(text)")
        }
    }

    @Test(.enabled(if: h2load != nil, "\(missing)"))
    func h2loadGetsAllItsAnswers() async throws {
        try await withServer(PeerService()) { server, port in
            let lines = try await Self.withRequestFile("hello") { file in
                try await PeerProcess.run(
                    [Self.h2load!, "-n", "5000", "-c", "4", "-m", "50", "-T", "60", "-N", "30", "-d", file]
                        + Self.headers + ["http://127.0.0.1:\(port)/martlet.testing.Peer/Echo"])
            }
            let text = lines.joined(separator: "\n")
            #expect(
                text.contains(
                    "5000 total, 5000 started, 5000 done, 5000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(text)")
            #expect(text.contains("status codes: 5000 2xx, 0 3xx, 0 4xx, 0 5xx"), "\(text)")
        }
    }

    /// A server without gRPC has only HTTP's status to tell: 404, which is UNIMPLEMENTED.
    @Test(.enabled(if: nghttpd != nil, "\(missing)"))
    func aServerWithoutGRPCIsUnderstood() async throws {
        // It can't say which port the system chose for it.
        let port = try RefusingPort().port
        let process = Process()
        process.executableURL = URL(filePath: Self.nghttpd!)
        process.arguments = ["--no-tls", "-a", "127.0.0.1", "-d", "/nonexistent", "\(port)"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Not SIGTERM, which a child of tests may have inherited as blocked.
        defer { kill(process.processIdentifier, SIGKILL) }
        let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: .test { $0.wire = .grpc })
        let options = CallOptions(timeout: .seconds(20), waitsForReady: true)
        let error = try await errorOf { try await channel.unary(PeerMethods.echo, "hello", options) }
        #expect(error.code == .unimplemented, "\(error)")
        #expect(error.message.contains("404"), "\(error)")
        await channel.shutdown()
    }
}
