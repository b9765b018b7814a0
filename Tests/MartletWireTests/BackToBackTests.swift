import MartletCore
import MartletWire
import NIOCore
import Testing

/// A client's and a server's machine, wired together in memory.
struct BackToBackTests {
    private struct Pair: ~Copyable {
        var client = ClientWire(implementation: NativeImplementation(name: "client", version: "1"))
        var server: ServerWire
        var toServer = ByteBuffer()
        var toClient = ByteBuffer()

        init(limits: WireLimits = WireLimits()) {
            server = ServerWire(
                limits: limits, implementation: NativeImplementation(name: "server", version: "2"))
            client.start(into: &toServer)
        }

        mutating func serverEvents() -> [ServerWireEvent] {
            var events: [ServerWireEvent] = []
            while let event = server.next(&toServer, output: &toClient) { events.append(event) }
            return events
        }

        mutating func clientEvents() -> [ClientWireEvent] {
            var events: [ClientWireEvent] = []
            while let event = client.next(&toClient, output: &toServer) { events.append(event) }
            return events
        }
    }

    @Test func eachLearnsTheOthersHello() {
        var pair = Pair(limits: WireLimits(maxFrameBytes: 1 << 20, maxConcurrentStreams: 7, maxMetadataBytes: 99))
        #expect(
            pair.serverEvents().map { describe($0) } == [
                """
                hello 1 frame 65536 streams 1000 metadata 16384 windows 262144 4194304 compressions [] features 0 by client/1
                """
            ])
        #expect(
            pair.clientEvents().map { describe($0) } == [
                """
                hello 1 frame 1048576 streams 7 metadata 99 windows 262144 4194304 compressions [] features 0 by server/2
                """
            ])
        #expect(
            pair.client.peer?.limits
                == WireLimits(maxFrameBytes: 1 << 20, maxConcurrentStreams: 7, maxMetadataBytes: 99))
        #expect(pair.server.peer?.limits == WireLimits())
    }

    @Test func manyCallsOfAllOutcomes() {
        var pair = Pair()
        var random = SplitMix(state: 7)
        var expected: [UInt32: String] = [:]
        for round in 0..<200 {
            for _ in 0..<Int.random(in: 0...10, using: &random) {
                let payload = [UInt8](repeating: UInt8(ascii: "p"), count: Int.random(in: 0...300, using: &random))
                let metadata: Metadata = Bool.random(using: &random) ? [:] : ["round": "\(round)"]
                guard
                    case .sent(let stream, _) = pair.client.send(
                        "Get", payload: payload, timeout: Bool.random(using: &random) ? nil : 5, metadata: metadata,
                        into: &pair.toServer)
                else { continue }
                if Int.random(in: 0..<5, using: &random) == 0 {
                    pair.client.cancel(stream: stream, code: .cancelled, into: &pair.toServer)
                }
            }
            var requests: [WireRequest] = []
            for event in pair.serverEvents() {
                if case .request(let request) = event { requests.append(request) }
            }
            for request in requests.shuffled(using: &random) {
                let stream = request.stream
                if Bool.random(using: &random) {
                    let answer = Array("\(request.method) \(request.message!.bytes.readableBytes)".utf8)
                    pair.server.respond(
                        stream: stream, payloadSize: answer.count, trailers: request.metadata, into: &pair.toClient,
                        write: { answer.copy(to: $0) })
                    let trailers = request.metadata.isEmpty ? "" : " trailers \(render(request.metadata))"
                    expected[stream] = "response \(stream) \(String(decoding: answer, as: UTF8.self))\(trailers)"
                } else {
                    let error = RPCError(
                        .notFound, "no \(stream)", details: [ErrorDetail(typeURL: "A", bytes: [1])],
                        metadata: request.metadata)
                    pair.server.fail(stream: stream, error, into: &pair.toClient)
                    expected[stream] = "response \(stream) peer: \(render(error))"
                }
            }
            for event in pair.clientEvents() {
                guard case .response(let response) = event else { continue }
                #expect(describe(event) == expected.removeValue(forKey: response.stream))
            }
            #expect(pair.client.openStreams == 0)
            #expect(pair.server.openStreams == 0)
        }
        #expect(expected.isEmpty)
    }

    @Test func drainLosesNothing() {
        var pair = Pair()
        for method in ["a", "b"] { _ = pair.client.send(method, into: &pair.toServer) }
        _ = pair.serverEvents()
        pair.server.goAway(code: .ok, text: "restart", into: &pair.toClient)
        // Sent before the go-away has arrived.
        _ = pair.client.send("c", into: &pair.toServer)
        _ = pair.serverEvents()
        pair.server.respond(stream: 1, payloadSize: 0, trailers: [:], into: &pair.toClient) { _ in }
        pair.server.respond(stream: 3, payloadSize: 0, trailers: [:], into: &pair.toClient) { _ in }
        #expect(
            pair.clientEvents().dropFirst().map { describe($0) } == [
                "goAway 3 OK restart",
                """
                response 5 peer: UNAVAILABLE (14): the server is shutting down: retry on another connection safe to retry
                """,
                "response 1 ", "response 3 ",
            ])
        #expect(pair.client.openStreams == 0)
    }
}
