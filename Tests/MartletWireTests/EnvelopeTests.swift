import MartletCore
import MartletMessages
import MartletWire
import NIOCore
import Testing

/// The envelopes, which the machines read and write by hand, against messages generated from native.proto.
struct EnvelopeTests {
    private static let rounds = 500

    private func server() -> ServerWire {
        var machine = ServerWire(
            limits: WireLimits(maxConcurrentStreams: 1 << 20, maxMetadataBytes: 1 << 16),
            implementation: NativeImplementation(name: "us", version: "1"))
        _ = feed(frame(0x10, stream: 0, "08 01 30 ff ff ff ff 07 38 ff ff ff ff 07"), .whole, to: &machine)
        return machine
    }

    private func client() -> ClientWire {
        var machine = ClientWire(
            limits: WireLimits(maxMetadataBytes: 1 << 16),
            implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        machine.start(into: &output)
        _ = feed(
            frame(0x10, stream: 0, "08 01 10 80 80 80 02 20 80 80 40 28 80 80 04 30 ff ff ff ff 07 38 ff ff ff ff 07"),
            .whole, to: &machine)
        return machine
    }

    @Test func requestsAreReadAsGenerated() throws {
        var random = SplitMix(state: 1)
        var machine = server()
        for round in 0..<Self.rounds {
            let request = Request.random(&random)
            let stream = UInt32(2 * round + 1)
            var input = ByteBuffer(bytes: frame(0x01, stream: stream, try request.serialized()))
            var output = ByteBuffer()
            guard case .request(let read) = machine.next(&input, output: &output) else {
                Issue.record("refused: \(request)")
                return
            }
            #expect(
                Request(
                    service: read.service, method: read.method, payload: Array(read.message!.bytes.readableBytesView),
                    timeoutNano: read.timeoutNanoseconds ?? 0, metadata: read.metadata.keyValues) == request)
        }
    }

    @Test func requestsAreWrittenAsGenerated() throws {
        var random = SplitMix(state: 2)
        var machine = client()
        for _ in 0..<Self.rounds {
            let request = Request.random(&random)
            var output = ByteBuffer()
            _ = machine.request(
                service: request.service, method: request.method, form: .only(streamsResponses: false),
                payloadSize: request.payload.count,
                timeoutNanoseconds: request.timeoutNano == 0 ? nil : request.timeoutNano,
                metadata: Metadata(request.metadata), into: &output, write: { request.payload.copy(to: $0) })
            #expect(try Request(serialized: data(of: output)) == request)
        }
    }

    @Test func responsesAreReadAsGenerated() throws {
        var random = SplitMix(state: 3)
        var machine = client()
        for _ in 0..<Self.rounds {
            let response = Response.random(&random)
            var output = ByteBuffer()
            guard case .sent(let stream, _) = machine.send("Get", into: &output) else {
                Issue.record("no room")
                return
            }
            var input = ByteBuffer(bytes: frame(0x02, stream: stream, try response.serialized()))
            guard case .response(let read) = machine.next(&input, output: &output) else {
                Issue.record("not taken: \(response)")
                return
            }
            switch read.result {
            case .success(let payload):
                #expect(
                    Response(payload: Array(payload.bytes.readableBytesView), metadata: read.trailingMetadata.keyValues)
                        == response)
            case .failure(let error):
                #expect(Response(error) == response)
            }
        }
    }

    @Test func responsesAreWrittenAsGenerated() throws {
        var random = SplitMix(state: 4)
        var machine = server()
        for round in 0..<Self.rounds {
            let response = Response.random(&random)
            let stream = UInt32(2 * round + 1)
            _ = feed(frame(0x01, stream: stream, []), .whole, to: &machine)
            var output = ByteBuffer()
            if let status = response.status {
                let error = RPCError(
                    StatusCode(rawValue: status.code)!, status.message,
                    details: status.details.map { ErrorDetail(typeURL: $0.typeUrl, bytes: $0.value) },
                    metadata: Metadata(response.metadata), isSafeToRetry: response.neverRan)
                machine.fail(stream: stream, error, into: &output)
            } else {
                machine.respond(
                    stream: stream, payloadSize: response.payload.count, trailers: Metadata(response.metadata),
                    into: &output, write: { response.payload.copy(to: $0) })
            }
            #expect(try Response(serialized: data(of: output)) == response)
        }
    }

    @Test func controlFramesAreReadAndWrittenAsGenerated() throws {
        var machine = ServerWire(
            limits: WireLimits(maxFrameBytes: 70_000, maxConcurrentStreams: 3, maxMetadataBytes: 100),
            implementation: NativeImplementation(name: "us", version: "1"))
        let said = Hello(
            version: 3, maxFrameBytes: 20_000, maxMessageBytes: 50_000, maxConcurrentStreams: 7, maxMetadataBytes: 1000,
            initialStreamWindow: 70_000, initialConnectionWindow: 80_000, compressions: ["gzip", ""], features: .max,
            implementation: "them", implementationVersion: "2")
        var input = ByteBuffer(bytes: frame(0x10, stream: 0, try said.serialized()))
        input.writeBytes(frame(0x01, stream: 1, []))
        input.writeBytes(frame(0x12, stream: 1, try Cancel(code: 4).serialized()))
        input.writeBytes(frame(0x15, stream: 0, try GoAway(lastStream: 5, code: 8, text: "bye").serialized()))
        var output = ByteBuffer()
        var events: [String] = []
        while let event = machine.next(&input, output: &output) { events.append(describe(event)) }
        #expect(
            events == [
                """
                hello 3 frame 20000 streams 7 metadata 1000 windows 70000 80000 compressions ["gzip", ""] \
                features 18446744073709551615 by them/2
                """,
                "request 1 / ", "cancel 1 DEADLINE_EXCEEDED", "goAway RESOURCE_EXHAUSTED bye",
            ])
        let answered = Hello(
            version: 1, maxFrameBytes: 70_000, maxMessageBytes: 4 << 20, maxConcurrentStreams: 3, maxMetadataBytes: 100,
            initialStreamWindow: 256 << 10, initialConnectionWindow: 4 << 20, implementation: "us",
            implementationVersion: "1")
        #expect(try Hello(serialized: data(of: output)) == answered)
        output.clear()
        machine.goAway(code: .unavailable, text: "bye", into: &output)
        #expect(try GoAway(serialized: data(of: output)) == GoAway(lastStream: 1, code: 14, text: "bye"))

        var client = client()
        _ = client.send("Get", into: &output)
        output.clear()
        client.cancel(stream: 1, code: .cancelled, into: &output)
        #expect(try Cancel(serialized: data(of: output)) == Cancel(code: 1))
        output.clear()
        _ = client.ping(1 << 60, into: &output)
        #expect(try Ping(serialized: data(of: output)) == Ping(opaque: 1 << 60))
        output.clear()
        _ = machine.sendInitialMetadata(stream: 1, ["k": "v"], into: &output)
        #expect(
            try InitialMetadata(serialized: data(of: output))
                == InitialMetadata(metadata: [KeyValue(key: "k", value: "v")]))
    }

    /// The data of a frame.
    private func data(of output: ByteBuffer) -> [UInt8] { Array(output.readableBytesView.dropFirst(10)) }
}

extension Request {
    fileprivate static func random(_ random: inout SplitMix) -> Request {
        Request(
            service: random.text(), method: random.text(), payload: random.bytes(),
            timeoutNano: Bool.random(using: &random) ? 0 : Int64.random(in: 1 ... .max, using: &random),
            metadata: random.metadata())
    }
}

extension Response {
    fileprivate static func random(_ random: inout SplitMix) -> Response {
        if Bool.random(using: &random) { return Response(payload: random.bytes(), metadata: random.metadata()) }
        let details = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            GoogleProtobuf.AnyMessage(typeUrl: random.text(), value: random.bytes())
        }
        let status = GoogleRPC.Status(
            code: Int32.random(in: 1...16, using: &random), message: random.text(), details: details)
        return Response(status: status, metadata: random.metadata(), neverRan: Bool.random(using: &random))
    }

    fileprivate init(_ error: RPCError) {
        let details = error.details.map { GoogleProtobuf.AnyMessage(typeUrl: $0.typeURL, value: $0.bytes) }
        self.init(
            status: GoogleRPC.Status(code: error.code.rawValue, message: error.message, details: details),
            metadata: error.metadata.keyValues, neverRan: error.isSafeToRetry)
    }
}

extension Metadata {
    fileprivate init(_ keyValues: [KeyValue]) {
        self.init()
        for field in keyValues { append(field.value, for: field.key) }
    }

    fileprivate var keyValues: [KeyValue] { fields.map { KeyValue(key: $0.key, value: $0.value) } }
}

extension SplitMix {
    fileprivate mutating func text() -> String {
        String((0..<Int.random(in: 0...200, using: &self)).map { _ in "aé漢🙂".randomElement(using: &self)! })
    }

    fileprivate mutating func bytes() -> [UInt8] {
        (0..<Int.random(in: 0...300, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    fileprivate mutating func metadata() -> [KeyValue] {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in
            KeyValue(
                key: String("a-z_0.9k".shuffled(using: &self).prefix(Int.random(in: 1...8, using: &self))),
                value: String("The value, ~!".shuffled(using: &self).prefix(Int.random(in: 0...13, using: &self))))
        }
    }
}
