import Foundation
import MartletTesting
import Testing

/// What a server answered over HTTP.
struct HTTPReply {
    /// Such as `HTTP/1.1`.
    let version: String
    let status: Int
    /// Names in lower case; of several values the last.
    let headers: [String: String]
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads one answer, and takes its bytes off. Nil: it isn't whole, or none.
    init?(_ input: inout ArraySlice<UInt8>) {
        guard let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: input[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let start = lines[0].split(separator: " ", maxSplits: 2)
        guard start.count >= 2, ["HTTP/1.1", "HTTP/2"].contains(start[0]), let status = Int(start[1]) else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let rest = input[end.upperBound...]
        guard let length = Int(headers["content-length"] ?? "0"), rest.count >= length else { return nil }
        version = String(start[0])
        self.status = status
        self.headers = headers
        bytes = Array(rest.prefix(length))
        input = rest.dropFirst(length)
    }

    /// All answers that a peer has got.
    static func all(of peer: ScriptedPeer) -> [HTTPReply] {
        var rest = peer.bytes[...]
        var replies: [HTTPReply] = []
        while let reply = HTTPReply(&rest) { replies.append(reply) }
        return replies
    }
}

/// Runs each test over HTTP/1.1 and over HTTP/2.
struct OverBothVersions: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        for version in ["--http1.1", "--http2-prior-knowledge"] {
            try await HTTPPeer.$version.withValue(version) { try await function() }
        }
    }
}

extension Trait where Self == OverBothVersions {
    static var overBothVersions: Self { Self() }
}

/// Programs that speak HTTP.
enum HTTPPeer {
    /// Which version of HTTP curl speaks, as its option.
    @TaskLocal static var version = "--http1.1"

    struct Failure: Error {
        let text: String
    }

    /// Runs curl, which gets the arguments in front of the URL.
    static func curl(
        _ port: Int, _ path: String, _ arguments: String..., input: [UInt8]? = nil
    ) async throws -> HTTPReply {
        try await curl(port, path, arguments, input: input)
    }

    static func curl(
        _ port: Int, _ path: String, _ arguments: [String], input: [UInt8]? = nil
    ) async throws -> HTTPReply {
        try await curl("http://127.0.0.1:\(port)\(path)", [version] + arguments, input: input)
    }

    static func curl(_ url: String, _ arguments: [String], input: [UInt8]? = nil) async throws -> HTTPReply {
        let output = try await run(
            "curl", ["-sS", "--globoff", "-i", "--max-time", "20"] + arguments + [url], input: input)
        var rest = output[...]
        while let reply = HTTPReply(&rest) { if reply.status != 100 { return reply } }
        throw Failure(text: String(decoding: output, as: UTF8.self))
    }

    static func python(_ script: String) async throws -> String {
        String(decoding: try await run("python3", ["-c", script]), as: UTF8.self)
    }

    /// Not on the pool's threads, which are few.
    private static func run(_ program: String, _ arguments: [String], input: [UInt8]? = nil) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runHere(program, arguments, input) })
            }
        }
    }

    private static func runHere(_ program: String, _ arguments: [String], _ input: [UInt8]?) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        let errors = Pipe()
        let inputs = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = inputs
        try process.run()
        if let input { inputs.fileHandleForWriting.write(Data(input)) }
        try inputs.fileHandleForWriting.close()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        let problem = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: problem) }
        return bytes
    }
}
