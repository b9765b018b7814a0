import MartletCore
import MartletTransport
import Testing

@testable import MartletClient

@Suite struct EndpointAddressTests {
    @Test(
        arguments: [
            ("tcp://127.0.0.1:7000", .tcp("127.0.0.1", 7000), "tcp://127.0.0.1:7000"),
            ("tcp://users.internal:80", .tcp("users.internal", 80), "tcp://users.internal:80"),
            ("tcp://[::1]:65535", .tcp("::1", 65535), "tcp://[::1]:65535"),
            ("unix:/run/users.sock", .unix("/run/users.sock"), "unix:/run/users.sock"),
            ("unix:///run/users.sock", .unix("/run/users.sock"), "unix:/run/users.sock"),
            ("unix:users.sock", .unix("users.sock"), "unix:users.sock"),
            ("unix:../a:b ü.sock", .unix("../a:b ü.sock"), "unix:../a:b ü.sock"),
        ] as [(String, EndpointAddress, String)])
    func reads(text: String, address: EndpointAddress, description: String) throws {
        #expect(try EndpointAddress(text) == address)
        #expect(address.description == description)
    }

    #if os(Linux)
        @Test func readsAbstractNames() throws {
            #expect(try EndpointAddress("unix-abstract:users").description == "unix-abstract:users")
            let error = try #require(throws: RPCError.self) { try EndpointAddress("unix-abstract:") }
            #expect(error.message.contains("the name of a socket is missing"))
        }
    #endif

    @Test(arguments: [
        ("tcp://127.0.0.1", "it has no port"),
        ("tcp://[::1]", "it has no port"),
        ("tcp://127.0.0.1:", "the port must be a number from 1 to 65535"),
        ("tcp://127.0.0.1:0", "the port must be a number from 1 to 65535"),
        ("tcp://127.0.0.1:70000", "the port must be a number from 1 to 65535"),
        ("tcp://:7000", "it has no host"),
        ("tcp:127.0.0.1:7000", "the // is missing"),
    ])
    func saysWhatIsWrongWithTCP(text: String, what: String) throws {
        let error = try #require(throws: RPCError.self) { try EndpointAddress(text) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "target \"\(text)\": \(what); write it as tcp://HOST:PORT")
    }

    @Test(arguments: [
        ("127.0.0.1:7000", "it has no scheme; write it as tcp://HOST:PORT or unix:PATH"),
        ("/run/users.sock", "it has no scheme; write it as tcp://HOST:PORT or unix:PATH"),
        ("", "it has no scheme; write it as tcp://HOST:PORT or unix:PATH"),
        ("http://127.0.0.1:7000", "the scheme \"http\" is not known; there are tcp, unix, unix-abstract"),
        ("unix://run/users.sock", "after unix:// comes an absolute path; write a relative one as unix:PATH"),
        ("unix:", "the path of a socket is missing"),
    ])
    func saysWhatIsWrong(text: String, what: String) throws {
        let error = try #require(throws: RPCError.self) { try EndpointAddress(text) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "target \"\(text)\": \(what)")
    }

    @Test func aPathMustFitASocket() throws {
        let most = UnixAddress.maximumLength
        let zero = try #require(throws: RPCError.self) { try EndpointAddress("unix:a\0b") }
        #expect(zero.message.hasSuffix("a path can't contain a zero byte"))
        #expect(throws: Never.self) { try EndpointAddress("unix:/" + String(repeating: "a", count: most - 1)) }
        let error = try #require(throws: RPCError.self) {
            try EndpointAddress("unix:/" + String(repeating: "a", count: most))
        }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("the path has \(most + 1) bytes, and the system takes at most \(most)"))
    }
}

@Suite struct WireOfTargetTests {
    @Test(arguments: [
        ("tcp://h:1?wire=ttrpc", ChannelConfiguration.Wire.ttrpc, "tcp://h:1"),
        ("unix:/a?b?wire=native", .native, "unix:/a?b"),
        ("tcp://h:1", nil, "tcp://h:1"),
    ])
    func theWireIsTakenOffTheTarget(text: String, wire: ChannelConfiguration.Wire?, rest: String) throws {
        let split = try ChannelConfiguration.Wire.split(text)
        #expect(split.wire == wire)
        #expect(split.rest == rest)
    }

    @Test func anUnknownWireIsNamed() throws {
        let error = try #require(throws: RPCError.self) { try ClientChannel("tcp://h:1?wire=smoke") }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("the wire \"smoke\" is not known; there are native, ttrpc, grpc"))
    }
}
