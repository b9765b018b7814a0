import Martlet

/// The methods of the service that all peers have.
enum PeerMethods {
    static let service = ServiceDescriptor("martlet.testing.Peer", in: FileDescriptor("peer.proto", base64: ""))
    static let echo = unary("Echo")
    static let make = unary("Make")
    static let metadata = unary("Metadata")
    static let remaining = unary("Remaining")
    static let fail = unary("Fail")
    static let wait = unary("Wait")
    static let cancelled = unary("Cancelled")
    static let compressed = unary("Compressed")
    static let list = Method<Text, Text>(service, "List", .serverStreaming)
    static let collect = Method<Text, Text>(service, "Collect", .clientStreaming)
    static let chat = Method<Text, Text>(service, "Chat", .bidirectional)
    static let missing = unary("Missing")
    static let elsewhere = Method<Text, Text>(
        ServiceDescriptor("martlet.testing.Missing", in: FileDescriptor("peer.proto", base64: "")), "Echo", .unary)

    private static func unary(_ name: String) -> Method<Text, Text> { Method(service, name, .unary) }
}

/// Martlet's server of it. `Tests/Peers/grpc/README.md` says what the methods do.
final class PeerService: RPCService {
    /// How many calls of `Wait` have ended, by their text.
    private let ended = Shared<[String: Int]>([:])
    /// Requests of `Compressed` that came compressed.
    let compressedRequests = Shared(0)

    func register(in router: inout Router) {
        router.register(
            PeerMethods.service,
            [
                .unary(PeerMethods.echo) { request, _ in request },
                .unary(PeerMethods.make) { request, _ in Text(count: Int(request.text)!) },
                .unary(PeerMethods.metadata) { request, context in Self.metadata(request, context) },
                .unary(PeerMethods.remaining) { _, context in
                    guard let left = context.deadline?.remaining else { return "none" }
                    return .zero < left && left <= .seconds(31) ? "some" : "\(left)"
                },
                .unary(PeerMethods.fail) { request, _ in throw Self.failure(request.text) },
                .unary(PeerMethods.wait) { request, context in
                    context.initialMetadata = ["x-begun": "yes"]
                    context.sendInitialMetadata()
                    defer { self.ended.change { $0[request.text, default: 0] += 1 } }
                    try await Task.sleep(for: .seconds(600))
                    return ""
                },
                .unary(PeerMethods.cancelled) { request, _ in "\(self.ended.value[request.text] ?? 0)" },
                .unary(PeerMethods.compressed) { request, context in
                    if context.requestWasCompressed { self.compressedRequests.change { $0 += 1 } }
                    context.responseCompression = context.metadata["x-compress"].flatMap(Compression.init(rawValue:))
                    return request
                },
                .serverStreaming(PeerMethods.list) { request, responses, _ in
                    let numbers = request.text.split(separator: " ").map { Int($0)! }
                    let message = Text(count: numbers[1])
                    for _ in 0..<numbers[0] { try await responses.write(message) }
                },
                .clientStreaming(PeerMethods.collect) { requests, context in try await Self.collect(requests, context)
                },
                .bidirectional(PeerMethods.chat) { requests, responses, _ in
                    for try await request in requests {
                        guard request != "fail" else { throw RPCError(.aborted, "as asked") }
                        try await responses.write(request)
                    }
                },
            ])
    }

    private static func metadata(_ request: Text, _ context: ServerContext) -> Text {
        context.initialMetadata = ["x-initial": "first", "x-initial": "second"]
        context.initialMetadata.setBytes([0x00, 0xFF], for: "x-initial-bin")
        context.trailingMetadata = ["x-trailing": "last"]
        context.trailingMetadata.setBytes([0xAB, 0xAB, 0xAB], for: "x-trailing-bin")
        return Text(context.metadata.joined(request.text))
    }

    private static func failure(_ text: String) -> RPCError {
        let parts = text.split(separator: " ", maxSplits: 1)
        return RPCError(
            StatusCode(wire: Int32(parts[0])!), String(parts[1]),
            details: GoogleRPC.ErrorInfo(reason: "TESTED", domain: "martlet.testing"),
            metadata: ["x-trailing": "last"])
    }

    private nonisolated(nonsending) static func collect(
        _ requests: MessageStream<Text>, _ context: ServerContext
    ) async throws -> Text {
        let pause = context.metadata["x-pause-ms"].map { Duration.milliseconds(Int($0)!) }
        var (count, size) = (0, 0)
        for try await request in requests {
            count += 1
            size += request.bytes.count
            if request == "stop" { break }
            if let pause, count % 160 == 0 { try await Task.sleep(for: pause) }
        }
        return "\(count) \(size)"
    }
}

extension Metadata {
    /// The values of a key with commas between, in hex if they are binary.
    func joined(_ key: String) -> String {
        guard key.hasSuffix("-bin") else { return values(for: key).joined(separator: ",") }
        return allBytes(for: key).map { bytes in
            bytes.map { String(Int($0) + 0x100, radix: 16).suffix(2) }.joined()
        }.joined(separator: ",")
    }
}
