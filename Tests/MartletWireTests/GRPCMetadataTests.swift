import MartletCore
import Testing

@testable import MartletWire

@Suite struct GRPCMetadataTests {
    @Test(arguments: [
        ("x-a: 1|x-a: 2|x-b:", "x-a=1,x-a=2,x-b="),
        (":path: /a/B|te: trailers|content-type: application/grpc|grpc-timeout: 1S|grpc-anything: 1", ""),
        (
            "grpc-previous-rpc-attempts: 2|grpc-retry-pushback-ms: 10",
            "grpc-previous-rpc-attempts=2,grpc-retry-pushback-ms=10"
        ),
        ("user-agent: grpc-go/1.0|text: 1|custom: 2|grpc: 3", "user-agent=grpc-go/1.0,text=1,custom=2,grpc=3"),
        ("a-bin: AQI|a-bin: AQI=", "a-bin=AQI,a-bin=AQI"),
        ("a-bin: AQI=, Aw ,,BA==", "a-bin=AQI,a-bin=Aw,a-bin=,a-bin=BA"),
        ("-bin: ?", "-bin=?"), ("x!y: 1|x: é|y: \u{1}|z: 1", "z=1"),
    ])
    func headersBecomeMetadata(headers: String, metadata: String) throws {
        #expect(render(try read(headers)) == metadata)
    }

    @Test(arguments: ["a-bin: ?", "a-bin: A", "a-bin: AQI,A", "a-bin: AQI===", "a-bin: AQ I"])
    func bytesThatAreNoneAreAnError(headers: String) throws {
        let error = try #require(throws: RPCError.self) { try read(headers) }
        #expect(error.code == .internalError)
        #expect(error.message.contains("\"a-bin\" is not base64"))
    }

    @Test func aLimitIsExact() throws {
        #expect(render(try read("key: 12345", limit: 40)) == "key=12345")
        let error = try #require(throws: RPCError.self) { try read("key: 12345", limit: 39) }
        #expect(error.code == .resourceExhausted)
        #expect(render(try read("grpc-a: 12345|key: 12345", limit: 40)) == "key=12345")
        // Several values in one header are as many fields.
        #expect(throws: RPCError.self) { try read("a-bin: ,,,", limit: 130) }
    }

    @Test(
        arguments: [
            (["a": " x y ", "b-bin": "AQI=", "a": "", "user-agent": "me"], "a: x y|b-bin: AQI|a: "),
            (["c-bin": " "], "c-bin: "),
        ] as [(Metadata, String)])
    func metadataBecomesHeaders(metadata: Metadata, headers: String) {
        var lines: [String] = []
        metadata.forEachHeader { name, value in lines.append("\(name): \(String(Substring(value)))") }
        #expect(lines.joined(separator: "|") == headers)
    }

    @Test(arguments: [
        ("grpc-timeout", "1S"), ("grpc-mine", "1"), ("te", "x"), ("content-type", "x"), ("host", "x"),
        ("connection", "close"), ("a-bin", "?"), ("a-bin", "AQI,AQI"), ("a-bin", "A"),
    ])
    func whatIsNoHeaderIsNamed(key: String, value: String) throws {
        var metadata: Metadata = ["fine": "1", "b-bin": "AQI=", "user-agent": "me"]
        try metadata.checkHeaders()
        metadata.append(value, for: key)
        let error = try #require(throws: RPCError.self) { try metadata.checkHeaders() }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("\"\(key)\""))
    }

    private func read(_ headers: String, limit: Int = 1000) throws(RPCError) -> Metadata {
        var fields = GRPCMetadata(limit: limit)
        for header in headers.split(separator: "|") {
            let colon = header.dropFirst().firstIndex(of: ":")!
            let value = header[header.index(after: colon)...].drop { $0 == " " }
            Array(header[..<colon].utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { fields.add(name, $0) }
            }
        }
        return try fields.complete()
    }
}
