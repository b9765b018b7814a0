import MartletCore
import Testing

@testable import MartletClient

@Suite struct TargetTests {
    @Test(arguments: [
        ("tcp://127.0.0.1:7000", "127.0.0.1", 7000),
        ("tcp://users.internal:80", "users.internal", 80),
        ("tcp://[::1]:65535", "::1", 65535),
    ])
    func reads(text: String, host: String, port: Int) throws {
        let target = try Target(text)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.description == text)
    }

    @Test(arguments: [
        ("127.0.0.1:7000", "it has no scheme"),
        ("http://127.0.0.1:7000", "the scheme \"http\" is not known"),
        ("tcp://127.0.0.1", "it has no port"),
        ("tcp://[::1]", "it has no port"),
        ("tcp://127.0.0.1:", "the port must be a number from 1 to 65535"),
        ("tcp://127.0.0.1:0", "the port must be a number from 1 to 65535"),
        ("tcp://127.0.0.1:70000", "the port must be a number from 1 to 65535"),
        ("tcp://:7000", "it has no host"),
        ("", "it has no scheme"),
    ])
    func saysWhatIsWrong(text: String, what: String) throws {
        let error = try #require(throws: RPCError.self) { try Target(text) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "target \"\(text)\": \(what); write it as tcp://HOST:PORT")
    }
}
