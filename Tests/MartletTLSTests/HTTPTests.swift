import Martlet
import MartletTLS
import Testing

/// Plain HTTP over TLS, as curl speaks it: what both sides agree on in the handshake (ALPN) is spoken, and answered.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct HTTPTests {
    struct Offer: Sendable, CustomTestStringConvertible {
        /// curl's option, and what it offers by it.
        let option: String
        let testDescription: String
        /// Nil: what servers take unless told otherwise.
        var serverTakes: [String]?
        let spoken: String
    }

    static let offers = [
        Offer(option: "--http1.1", testDescription: "http/1.1", spoken: "HTTP/1.1"),
        Offer(option: "--http2", testDescription: "h2 or http/1.1", spoken: "HTTP/2"),
        Offer(
            option: "--http2", testDescription: "h2 or http/1.1, to a server without h2",
            serverTakes: ["martlet", "http/1.1"], spoken: "HTTP/1.1"),
        Offer(
            option: "--http2", testDescription: "h2 or http/1.1, to a server with h2 alone", serverTakes: ["h2"],
            spoken: "HTTP/2"),
        Offer(option: "--no-alpn", testDescription: "nothing", spoken: "HTTP/1.1"),
    ]

    private func curl(
        _ port: Int, _ path: String, _ arguments: [String] = [], json: String? = nil
    ) async throws -> HTTPReply {
        let request = json == nil ? [] : ["-H", "Content-Type: application/json", "--data-binary", "@-"]
        return try await HTTPPeer.curl(
            "https://localhost:\(port)\(path)", ["--cacert", Certificates.chain("authority")] + request + arguments,
            input: json.map { Array($0.utf8) })
    }

    @Test(arguments: offers) func routesAndCallsAreAnswered(offer: Offer) async throws {
        let tls = try serverTLS { $0.applicationProtocols = offer.serverTakes ?? $0.applicationProtocols }
        let configuration = ServerConfiguration.test {
            $0.httpRoutes = [HTTPRoute("/version") { _ in HTTPResponse(text: "1.2.3") }]
        }
        let service = WebService { request, _ in
            guard !request.fileName.isEmpty else { throw RPCError(.notFound, "no name") }
            return request
        }
        try await withTLSServer(service, tls: tls, configuration: configuration) { _, port in
            let route = try await curl(port, "/version", [offer.option])
            #expect(route.version == offer.spoken)
            #expect(route.status == 200 && route.text == "1.2.3")

            let echo = "/web.v1.WebService/Echo"
            let call = try await curl(port, echo, [offer.option], json: #"{"fileName":"a"}"#)
            #expect(call.version == offer.spoken)
            #expect(call.status == 200 && call.text == #"{"fileName":"a"}"#)

            let failure = try await curl(port, echo, [offer.option], json: "{}")
            #expect(failure.status == 404 && failure.text == #"{"code":"not_found","message":"no name"}"#)
        }
    }

    @Test(arguments: ["--http1.1", "--http2"]) func theHandlerKnowsWhoCalls(option: String) async throws {
        let tls = try serverTLS {
            $0.clientCertificates = .required
            $0.trustRoots = .file(Certificates.chain("authority"))
        }
        let service = WebService { _, context in Named(fileName: context.peer.certificate?.commonName ?? "nobody") }
        try await withTLSServer(service, tls: tls) { _, port in
            let proof = ["--cert", Certificates.chain("client"), "--key", Certificates.key("client")]
            let reply = try await curl(port, "/web.v1.WebService/Echo", [option] + proof, json: "{}")
            #expect(reply.status == 200 && reply.text == #"{"fileName":"client"}"#)
            await #expect(throws: HTTPPeer.Failure.self) {
                try await curl(port, "/web.v1.WebService/Echo", [option], json: "{}")
            }
        }
    }
}
