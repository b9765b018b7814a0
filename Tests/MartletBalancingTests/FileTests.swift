import Foundation
import Martlet
import Testing

@testable import MartletClient

@Suite struct FileTests {
    @Test func aLineIsAnEndpoint() throws {
        let endpoints = try FileResolver.endpoints(
            in: """
                # users

                tcp://10.0.0.1:7000   weight=3 zone=eu-1 id=users-1 priority=2   # the large one
                \ttcp://10.0.0.2:7000,unix:/run/users.sock wire=grpc authority=users.internal version=1.2
                """, of: "x")
        var first = Endpoint(id: "users-1", addresses: [.tcp("10.0.0.1", 7000)], weight: 3, zone: "eu-1")
        first.priority = 2
        let second = Endpoint(
            addresses: [.tcp("10.0.0.2", 7000), .unix("/run/users.sock")], wire: .grpc, authority: "users.internal",
            attributes: ["version": "1.2"])
        #expect(endpoints == [first, second])
    }

    @Test(arguments: [
        (
            "tcp://a:1\nhttp://b:2",
            "users, line 2: target \"http://b:2\": the scheme \"http\" is not known; there are tcp"
        ),
        ("tcp://a:1 weight", "users, line 1: \"weight\" is no option; write it as NAME=VALUE"),
        ("tcp://a:1 weight=0", "users, line 1: the weight \"0\" is not from 1 to 1000000"),
        ("\n\ntcp://a:1 wire=smoke", "users, line 3: target \"wire=smoke\": the wire \"smoke\" is not known"),
    ])
    func aLineThatIsNoneIsNamed(text: String, message: String) throws {
        let error = try #require(throws: RPCError.self) { try FileResolver.endpoints(in: text, of: "users") }
        #expect(error.code == .invalidArgument && error.message.hasPrefix(message), "\(error.message)")
    }

    @Test func aChangedFileIsReadAgain() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).endpoints").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let missing = try ClientChannel("file://\(file)", configuration: .balancing())
        let error = await #expect(throws: RPCError.self) { _ = try await missing.get("x") }
        #expect(error?.code == .unavailable && error?.message.contains("No such file") == true)
        await missing.shutdown()
        try await withNamedServers(["127.0.0.1", "127.0.0.2"]) { port in
            try "tcp://127.0.0.1:\(port)\n".write(toFile: file, atomically: true, encoding: .utf8)
            let channel = try ClientChannel("file://\(file)", configuration: .balancing())
            #expect(try await channel.get("x").text == "127.0.0.1")
            try "tcp://127.0.0.2:\(port)\n".write(toFile: file, atomically: true, encoding: .utf8)
            for _ in 0..<10_000 where try await channel.get("x").text != "127.0.0.2" {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await channel.answers(2) == ["127.0.0.2", "127.0.0.2"])
            // A mistake in it leaves what is known.
            try "nonsense\n".write(toFile: file, atomically: true, encoding: .utf8)
            for _ in 0..<10_000 where !channel.statistics.isStale { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await channel.answers(2) == ["127.0.0.2", "127.0.0.2"])
            await channel.shutdown()
        }
    }
}
