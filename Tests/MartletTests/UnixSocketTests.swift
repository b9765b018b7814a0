import Foundation
import Martlet
import Testing

/// Servers and clients over Unix-domain sockets.
@Suite struct UnixSocketTests {
    /// A directory with a short name, since paths of sockets must be short.
    private static func withDirectory(_ body: (_ directory: String) async throws -> Void) async throws {
        let directory = "/tmp/martlet-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    private func withServer(
        _ service: TestService = .echo, at address: ListenAddress,
        _ body: (RPCServer) async throws -> Void = { _ in }
    ) async throws {
        let server = RPCServer(services: [service], listen: address, configuration: .test())
        let running = Task { try await server.run() }
        #expect(try await server.addresses == [address])
        try await body(server)
        await server.shutdown()
        try await running.value
        try await eventually { server.statistics.isEmpty }
    }

    private func call(_ target: String, _ request: Text = "x") async throws -> Text {
        let channel = try ClientChannel(target)
        let response = try await channel.call(request)
        await channel.shutdown()
        return response
    }

    private func expectEcho(
        _ target: String, _ request: Text = "x", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await call(target, request)
        #expect(response == request, sourceLocation: sourceLocation)
    }

    /// Why a server can't listen there.
    private func refusal(at address: ListenAddress) async throws -> RPCError {
        let server = RPCServer(services: [TestService.echo], listen: address, configuration: .test())
        return try await errorOf {
            try await server.run()
            return "it ran"
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test(arguments: [0, 1, 65_536, 1_000_000])
    func messagesOfEverySizeComeBack(size: Int) async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/s")) { _ in
                let request = Text(count: size)
                try await expectEcho("unix:\(directory)/s", request)
                try await expectEcho("unix://\(directory)/s", request)
            }
        }
    }

    @Test func theFileIsRemoved() async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/s")) { _ in
                #expect(FileManager.default.fileExists(atPath: "\(directory)/s"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
        }
    }

    @Test func pathsMayBeRelative() async throws {
        let name = "martlet-\(UInt32.random(in: 0 ... .max)).sock"
        try await withServer(at: .unix(name)) { _ in try await expectEcho("unix:\(name)") }
        #expect(!FileManager.default.fileExists(atPath: name))
    }

    @Test func theModeDecidesWhoMayConnect() async throws {
        try await Self.withDirectory { directory in
            for mode in [0o600, 0o660, 0o666, 0o000] {
                try await withServer(at: .unix("\(directory)/s", mode: UInt16(mode))) { _ in
                    let actual = try self.mode("\(directory)/s")
                    #expect(actual == mode)
                }
            }
        }
    }

    /// The link is what a server leaves that is killed.
    @Test func aFileThatNobodyListensOnIsReplaced() async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/first")) { _ in
                try FileManager.default.linkItem(atPath: "\(directory)/first", toPath: "\(directory)/s")
            }
            let error = try await errorOf { try await call("unix:\(directory)/s") }
            #expect(error.message.contains("Connection refused"))
            try await withServer(at: .unix("\(directory)/s")) { _ in
                try await expectEcho("unix:\(directory)/s")
            }
        }
    }

    @Test func aSocketInUseIsLeftAlone() async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/s")) { _ in
                let error = try await refusal(at: .unix("\(directory)/s"))
                #expect(error.code == .unavailable)
                #expect(error.message == "cannot listen on unix:\(directory)/s: a server listens there already")
                try await expectEcho("unix:\(directory)/s")
            }
        }
    }

    @Test func whatIsNotASocketIsLeftAlone() async throws {
        try await Self.withDirectory { directory in
            try Data("precious".utf8).write(to: URL(filePath: "\(directory)/file"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/link", withDestinationPath: "\(directory)/file")
            for name in ["file", "link", ""] {
                let error = try await refusal(at: .unix("\(directory)/\(name)"))
                #expect(error.code == .unavailable)
                #expect(error.message.contains("isn't a socket"))
            }
            #expect(try String(contentsOfFile: "\(directory)/file", encoding: .utf8) == "precious")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/link").hasSuffix("file"))
        }
    }

    /// A server that another has replaced doesn't take the other's file with it.
    @Test func onlyItsOwnFileIsRemoved() async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/s")) { server in
                try FileManager.default.removeItem(atPath: "\(directory)/s")
                try await withServer(at: .unix("\(directory)/s")) { _ in
                    await server.shutdown()
                    try await expectEcho("unix:\(directory)/s")
                }
            }
        }
    }

    @Test func errorsSayWhatIsWrong() async throws {
        let long = "/tmp/" + String(repeating: "long", count: 30)
        let tooLong = try await refusal(at: .unix(long))
        #expect(tooLong.code == .invalidArgument)
        #expect(tooLong.message.contains("has 125 bytes"))
        #expect(try await refusal(at: .unix("")).code == .invalidArgument)
        let noDirectory = try await refusal(at: .unix("/tmp/martlet-no-such-directory/s"))
        #expect(noDirectory.message.contains("cannot listen on unix:/tmp/martlet-no-such-directory/s: No such file"))
        let nobody = try await errorOf { try await call("unix:/tmp/martlet-no-such-socket") }
        #expect(nobody.code == .unavailable)
        #expect(nobody.message.contains("cannot connect to unix:/tmp/martlet-no-such-socket (attempt 1): No such file"))
    }

    @Test func theHandlerKnowsWhichProcessCalls() async throws {
        let service = TestService { _, context in
            let credentials = try #require(context.peer.unixCredentials)
            return "\(context.peer) \(credentials.processID) \(credentials.userID) \(credentials.groupID)"
        }
        try await Self.withDirectory { directory in
            try await withServer(service, at: .unix("\(directory)/s")) { _ in
                let expected = "unix:\(directory)/s \(getpid()) \(geteuid()) \(getegid())"
                let response = try await call("unix:\(directory)/s")
                #expect(response.text == expected)
            }
        }
    }

    @Test func aChannelConnectsAgain() async throws {
        try await Self.withDirectory { directory in
            let channel = try ClientChannel(
                "unix:\(directory)/s", configuration: .test { $0.backoff = Backoff(initial: .milliseconds(10)) })
            for _ in 0..<3 {
                try await withServer(at: .unix("\(directory)/s")) { _ in
                    var options = CallOptions.default
                    options.waitsForReady = true
                    let response = try await channel.call("x", options: options)
                    #expect(response == "x")
                }
            }
            await channel.shutdown()
        }
    }

    @Test func manyConnectAtOnce() async throws {
        try await Self.withDirectory { directory in
            try await withServer(at: .unix("\(directory)/s")) { _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 {
                        group.addTask { try await expectEcho("unix:\(directory)/s") }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    #if os(Linux)
        @Test func abstractNamesNeedNoFile() async throws {
            let name = "martlet-\(UInt32.random(in: 0 ... .max))"
            try await withServer(at: .unixAbstract(name)) { _ in
                try await expectEcho("unix-abstract:\(name)")
                let error = try await refusal(at: .unixAbstract(name))
                #expect(error.message == "cannot listen on unix-abstract:\(name): Address already in use (errno 98)")
            }
            let error = try await errorOf { try await call("unix-abstract:\(name)") }
            #expect(error.message.contains("Connection refused"))
        }
    #endif
}
