import Foundation
import Martlet
import MartletTLS
import Testing

/// What another implementation's client sees of any server; `Tests/Peers/grpc/README.md` says what it does for it.
struct Fact: Sendable, CustomTestStringConvertible {
    let name: String
    let line: String

    init(_ name: String, _ rest: String) {
        self.name = name
        line = rest.replacing("FACT", with: "\"fact\":\"\(name)\"")
    }

    var testDescription: String { name }

    static let all = [
        Fact("echo", #"{FACT,"text":"hello"}"#),
        Fact("empty", #"{"bytes":0,FACT}"#),
        Fact("large", #"{"bytes":4000000,FACT}"#),
        Fact("too-large-request", #"{"code":"RESOURCE_EXHAUSTED",FACT}"#),
        Fact("too-large-response", #"{"code":"RESOURCE_EXHAUSTED",FACT}"#),
        Fact(
            "metadata",
            """
            {"binary":"00ff,61",FACT,"initial":"first,second","initialBinary":"00ff","text":"one,two",\
            "trailing":"last","trailingBinary":"ababab"}
            """),
        Fact("remaining", #"{FACT,"with":"some","without":"none"}"#),
        Fact(
            "fail",
            """
            {"code":"NOT_FOUND","domain":"martlet.testing",FACT,"message":"no such poem: ✓\\n100 %",\
            "reason":"TESTED","trailing":"last"}
            """),
        Fact("deadline", #"{"code":"DEADLINE_EXCEEDED",FACT}"#),
        Fact("cancel", #"{"code":"CANCELLED",FACT,"seen":1}"#),
        Fact("missing", #"{FACT,"method":"UNIMPLEMENTED","service":"UNIMPLEMENTED"}"#),
        Fact("list", #"{"bytes":1000,"count":100,FACT}"#),
        Fact("collect", #"{"answer":"100 1000",FACT}"#),
        Fact("chat", #"{"count":100,FACT,"rest":0}"#),
        Fact("early", #"{"answer":"1 4",FACT}"#),
        Fact("chat-fail", #"{"code":"ABORTED",FACT,"got":["hello"],"message":"as asked"}"#),
        Fact("download", #"{"bytes":104857600,"count":1600,FACT}"#),
        Fact("upload", #"{"answer":"1600 104857600",FACT}"#),
        Fact("concurrent", #"{"answered":2000,FACT}"#),
    ]

    static let gzip = Fact("gzip", #"{"bytes":100000,FACT}"#)
    static let deflate = Fact("deflate", #"{"bytes":100000,FACT}"#)
}

/// Other implementations' clients call Martlet's server.
@Suite(.enabled(if: !Peer.available.isEmpty, "\(Peer.missing)"))
struct ServerTests {
    @Test(arguments: Peer.available, Fact.all)
    func peersSee(_ peer: Peer, _ fact: Fact) async throws {
        try await withServer(PeerService()) { _, port in
            let lines = try await peer.call("127.0.0.1:\(port)", [fact.name])
            #expect(lines == [fact.line])
        }
    }

    @Test(arguments: Peer.available)
    func requestsAndResponsesAreCompressed(_ peer: Peer) async throws {
        let service = PeerService()
        try await withServer(service) { _, port in
            let facts = [Fact.gzip] + (peer.hasDeflate ? [.deflate] : [])
            let lines = try await peer.call("127.0.0.1:\(port)", facts.map(\.name))
            #expect(lines == facts.map(\.line))
            #expect(service.compressedRequests.value == facts.count)
        }
    }

    /// One connection for all of them.
    @Test(.enabled(if: Certificates.openssl != nil, "\(Certificates.missing)"), arguments: Peer.available)
    func peersSeeTheSameOverTLS(_ peer: Peer) async throws {
        let security = try ServerSecurity.tls(
            certificateChainFile: Certificates.chain("server"), privateKeyFile: Certificates.key("server"))
        let server = RPCServer(
            services: [PeerService()], listen: .tcp("127.0.0.1", 0, security: security), configuration: .test())
        let running = Task { try await server.run() }
        let port = try await server.addresses[0].port
        let lines = try await peer.call(
            "localhost:\(port)", Fact.all.map(\.name), authority: Certificates.chain("authority"))
        #expect(lines == Fact.all.map(\.line))
        await server.shutdown()
        try await running.value
        try await eventually { server.statistics.isEmpty }
    }
}
