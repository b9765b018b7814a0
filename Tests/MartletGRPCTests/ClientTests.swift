import Martlet
import MartletTLS
import Testing

/// A server of the peers' service, and how Martlet's client speaks to it.
enum Callee: Sendable, Hashable, CustomTestStringConvertible {
    case martlet(ChannelConfiguration.Wire)
    case peer(Peer)

    static let all: [Callee] = [.martlet(.native), .martlet(.grpc)] + Peer.available.map { .peer($0) }
    /// The native wire agrees on gzip where both sides know it.
    static let withDeflate = all.filter { $0 != .peer(.go) && $0 != .martlet(.native) }

    var testDescription: String {
        switch self {
        case .martlet(let wire): "Martlet, \(wire)"
        case .peer(let peer): "\(peer)"
        }
    }

    /// Runs the server while `body` runs.
    func withChannel<R>(_ body: (_ channel: ClientChannel) async throws -> R) async throws -> R {
        switch self {
        case .martlet(let wire):
            try await withServerAndChannel(PeerService(), channel: .test { $0.wire = wire }) { _, channel in
                try await body(channel)
            }
        case .peer(let peer):
            try await peer.serve { port in
                let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: .test { $0.wire = .grpc })
                let result = try await body(channel)
                await channel.shutdown()
                return result
            }
        }
    }
}

/// Martlet's client calls other implementations' servers, and its own for comparison.
struct ClientTests {
    @Test(arguments: Callee.all)
    func unaryCallsAreAnswered(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            for request in ["hello", "", Text(count: 4_000_000)] {
                let response = try await channel.unary(PeerMethods.echo, request, .default)
                #expect(response == request)
            }
        }
    }

    @Test(arguments: Callee.all)
    func messagesOverTheLimitAreRefused(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            for call in [(PeerMethods.echo, Text(count: 5_000_000)), (PeerMethods.make, "5000000")] {
                let error = try await errorOf { try await channel.unary(call.0, call.1, .default) }
                #expect(error.code == .resourceExhausted, "\(error)")
            }
            #expect(try await channel.unary(PeerMethods.echo, "still here", .default) == "still here")
        }
    }

    @Test(arguments: Callee.all)
    func metadataGoesBothWays(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            var options = CallOptions(metadata: ["x-key": "one", "x-key": "two"])
            options.metadata.appendBytes([0x00, 0xFF], for: "x-key-bin")
            options.metadata.appendBytes([0x61], for: "x-key-bin")
            let reply = try await channel.unaryReply(PeerMethods.metadata, "x-key", options)
            #expect(reply.message == "one,two")
            #expect(reply.initialMetadata.joined("x-initial") == "first,second")
            #expect(reply.initialMetadata.joined("x-initial-bin") == "00ff")
            #expect(reply.trailingMetadata.joined("x-trailing") == "last")
            #expect(reply.trailingMetadata.joined("x-trailing-bin") == "ababab")
            let binary = try await channel.unary(PeerMethods.metadata, "x-key-bin", options)
            #expect(binary == "00ff,61")
        }
    }

    @Test(arguments: Callee.all)
    func deadlinesTravel(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            let without = try await channel.unary(PeerMethods.remaining, "", .default)
            let with = try await channel.unary(PeerMethods.remaining, "", .timeout(.seconds(30)))
            #expect((without, with) == ("none", "some"))
            let error = try await errorOf {
                try await channel.unary(PeerMethods.wait, "deadline", .timeout(.milliseconds(50)))
            }
            #expect(error.code == .deadlineExceeded)
        }
    }

    @Test(arguments: Callee.all)
    func statusesComeWithDetails(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            let error = try await errorOf {
                try await channel.unary(PeerMethods.fail, "5 no such poem: ✓\n100 %", .default)
            }
            #expect(error.code == .notFound)
            #expect(error.message == "no such poem: ✓\n100 %")
            #expect(error.origin == .peer)
            #expect(error.metadata["x-trailing"] == "last")
            let details = try error.details(of: GoogleRPC.ErrorInfo.self)
            #expect(details == [GoogleRPC.ErrorInfo(reason: "TESTED", domain: "martlet.testing")])
        }
    }

    @Test(arguments: Callee.all)
    func missingMethodsAreUnimplemented(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            for method in [PeerMethods.missing, PeerMethods.elsewhere] {
                let error = try await errorOf { try await channel.unary(method, "", .default) }
                #expect(error.code == .unimplemented)
            }
        }
    }

    @Test(arguments: Callee.all)
    func serversNoticeThatCallsAreCancelled(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            let call = channel.start(PeerMethods.wait, "cancel", .default)
            #expect(try await call.initialMetadata["x-begun"] == "yes")
            call.cancel()
            let error = try await errorOf { try await call.response() }
            #expect(error.code == .cancelled)
            try await eventually("the end of the handler") {
                try await channel.unary(PeerMethods.cancelled, "cancel", .default) == "1"
            }
        }
    }

    @Test(arguments: Callee.all)
    func streamsOfEveryShapeGoThrough(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            var count = 0
            for try await message in channel.serverStreaming(PeerMethods.list, "100 10", .default) {
                #expect(message == Text(count: 10))
                count += 1
            }
            #expect(count == 100)

            let sum = try await channel.clientStreaming(PeerMethods.collect, .default) { requests in
                for _ in 0..<100 { try await requests.write(Text(count: 10)) }
            }
            #expect(sum == "100 1000")

            try await channel.bidirectional(PeerMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for number in 0..<100 {
                    try await requests.write("\(number)")
                    let response = try await iterator.next()
                    #expect(response == "\(number)")
                }
                requests.finish()
                let end = try await iterator.next()
                #expect(end == nil)
            }
        }
    }

    @Test(arguments: Callee.all)
    func serversMayAnswerEarly(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            let call = channel.start(PeerMethods.collect, nil, .timeout(.seconds(20)))
            try await call.requests.write("stop")
            // The requests don't end.
            let response = try await call.response()
            #expect(response == "1 4")
        }
    }

    @Test(arguments: Callee.all)
    func streamsMayFailInTheMiddle(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            var got: [Text] = []
            let error = try await errorOf {
                try await channel.bidirectional(PeerMethods.chat, .default) { requests, responses in
                    try await requests.write("hello")
                    try await requests.write("fail")
                    for try await response in responses { got.append(response) }
                    return "no error"
                }
            }
            #expect(error.code == .aborted)
            #expect(error.message == "as asked")
            #expect(got == ["hello"])
        }
    }

    @Test(arguments: Callee.all)
    func messagesAreCompressedWithGzip(_ callee: Callee) async throws {
        try await callee.withChannel { try await expectCompressed(.gzip, over: $0) }
    }

    @Test(arguments: Callee.withDeflate)
    func messagesAreCompressedWithDeflate(_ callee: Callee) async throws {
        try await callee.withChannel { try await expectCompressed(.deflate, over: $0) }
    }

    private func expectCompressed(_ compression: Compression, over channel: ClientChannel) async throws {
        let request = Text(count: 100_000)
        let options = CallOptions(metadata: ["x-compress": compression.rawValue], compression: compression)
        let call = channel.start(PeerMethods.compressed, request, options)
        var responses: [ReceivedMessage<Text>] = []
        for try await response in call.responses.received { responses.append(response) }
        #expect(responses.map(\.message) == [request])
        #expect(responses.map(\.wasCompressed) == [true])
    }

    /// 100 MiB each way, with a reader that pauses.
    @Test(arguments: Callee.all)
    func largeStreamsWaitForTheirReaders(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            var (count, size) = (0, 0)
            for try await message in channel.serverStreaming(PeerMethods.list, "1600 65536", .default) {
                count += 1
                size += message.bytes.count
                if count % 160 == 0 { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect((count, size) == (1600, 100 << 20))

            let options = CallOptions(metadata: ["x-pause-ms": "50"])
            let sum = try await channel.clientStreaming(PeerMethods.collect, options) { requests in
                let request = Text(count: 65536)
                for _ in 0..<1600 { try await requests.write(request) }
            }
            #expect(sum == "1600 104857600")
        }
    }

    @Test(arguments: Callee.all)
    func manyCallsGoOnAtOnce(_ callee: Callee) async throws {
        try await callee.withChannel { channel in
            let answered = try await withThrowingTaskGroup { group in
                for number in 0..<2000 {
                    group.addTask {
                        let request: Text = "call \(number)"
                        return try await channel.unary(PeerMethods.echo, request, .timeout(.seconds(60))) == request
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(answered == 2000)
        }
    }

    @Test(.enabled(if: Certificates.openssl != nil, "\(Certificates.missing)"), arguments: Peer.available)
    func peersAreCalledOverTLS(_ peer: Peer) async throws {
        let files = (certificate: Certificates.chain("server"), key: Certificates.key("server"))
        try await peer.serve(tls: files) { port in
            var tls = ClientTLSConfiguration()
            tls.trustRoots = .file(Certificates.chain("authority"))
            let security = try ClientSecurity.tls(tls)
            let configuration = ChannelConfiguration.test {
                $0.wire = .grpc
                $0.security = security
            }
            let channel = try ClientChannel("tcp://localhost:\(port)", configuration: configuration)
            for request in ["hello", Text(count: 4_000_000)] {
                let response = try await channel.unary(PeerMethods.echo, request, .default)
                #expect(response == request)
            }
            await channel.shutdown()
        }
    }
}
