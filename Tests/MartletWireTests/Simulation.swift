import MartletCore
import MartletWire
import NIOCore
import Testing

/// A client and a server back to back, with a random schedule: which side does what next, and how many bytes arrive.
struct Simulation: ~Copyable {
    /// One call, as both sides see it.
    final class Call {
        enum Shape: CaseIterable { case unary, clientStreaming, serverStreaming, bidirectional }

        let shape: Shape
        let requests: [Int]
        let responses: [Int]
        var requestsSent = 0
        var responsesSent = 0
        var requestsReceived = 0
        var responsesReceived = 0
        /// Sizes of messages that arrived and the application hasn't taken.
        var serverWaiting: [Int] = []
        var clientWaiting: [Int] = []
        var clientIsBusy = false
        var serverIsBusy = false
        var isHalfClosed = false
        var serverSawHalfClose = false
        var isAtServer = false
        var isAnswered = false
        var isCancelled = false
        var isFailed = false
        var hasEnded = false

        init(_ shape: Shape, _ random: inout SplitMix) {
            self.shape = shape
            let several = (0..<Int.random(in: 0...6, using: &random)).map { _ in size(&random) }
            let more = (0..<Int.random(in: 0...6, using: &random)).map { _ in size(&random) }
            requests = shape == .clientStreaming || shape == .bidirectional ? several : [size(&random)]
            responses = shape == .serverStreaming || shape == .bidirectional ? more : [size(&random)]
        }

        var streamsRequests: Bool { shape == .clientStreaming || shape == .bidirectional }
        var streamsResponses: Bool { shape == .serverStreaming || shape == .bidirectional }
    }

    var random: SplitMix
    var client: ClientWire
    var server: ServerWire
    var calls: [UInt32: Call] = [:]
    var streams: [UInt32] = []
    /// Written, and not yet taken by the other side.
    private var toServer = ByteBuffer()
    private var toClient = ByteBuffer()
    private var serverInput = ByteBuffer()
    private var clientInput = ByteBuffer()
    private var pongs = 0
    private var pings = 0

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        let implementation = NativeImplementation(name: "", version: "")
        client = ClientWire(limits: limits(&random), implementation: implementation)
        server = ServerWire(limits: limits(&random), implementation: implementation)
        client.start(into: &toServer)
    }

    // MARK: Steps

    /// Does one thing, if it is possible.
    mutating func step(startsCalls: Bool) {
        let stream = streams.randomElement(using: &random)
        let call = stream.flatMap { calls[$0] }
        switch Int.random(in: 0..<14, using: &random) {
        case 0 where startsCalls: start()
        case 1: client.pump(into: &toServer, room: Int.random(in: 1...200_000, using: &random))
        case 2: server.pump(into: &toClient, room: Int.random(in: 1...200_000, using: &random))
        case 3, 4: deliverToServer()
        case 5, 6: deliverToClient()
        case 7, 8: if let stream, let call { advanceClient(stream, call) }
        case 9, 10: if let stream, let call { advanceServer(stream, call) }
        case 11:
            if let stream, let call, !call.serverWaiting.isEmpty {
                server.consumed(stream: stream, bytes: call.serverWaiting.removeFirst(), into: &toClient)
            }
        case 12:
            if let stream, let call, !call.clientWaiting.isEmpty {
                client.consumed(stream: stream, bytes: call.clientWaiting.removeFirst(), into: &toServer)
            }
        default:
            if startsCalls { disturb(stream, call) }
        }
        for stream in client.takeSent() { calls[stream]?.clientIsBusy = false }
        for stream in server.takeSent() { calls[stream]?.serverIsBusy = false }
    }

    private mutating func start() {
        let call = Call(Call.Shape.allCases.randomElement(using: &random)!, &random)
        let form: RequestForm =
            call.streamsRequests
            ? .open(streamsResponses: call.streamsResponses) : .only(streamsResponses: call.streamsResponses)
        let size = call.streamsRequests ? 0 : call.requests[0]
        let next = UInt32(2 * calls.count + 1)
        let outcome = client.request(
            service: "svc", method: "\(call.shape)", form: form, payloadSize: size, ready: ready(size, next),
            timeoutNanoseconds: nil, metadata: [:], into: &toServer, write: { fill($0, size, next) })
        guard case .sent(let stream, let isQueued) = outcome else { return }
        #expect(stream == next)
        calls[stream] = call
        streams.append(stream)
        call.clientIsBusy = isQueued
        if !call.streamsRequests {
            call.requestsSent = 1
            call.isHalfClosed = true
        }
    }

    private mutating func advanceClient(_ stream: UInt32, _ call: Call) {
        guard !call.hasEnded, !call.isCancelled, !call.isHalfClosed else { return }
        if call.requestsSent == call.requests.count {
            call.isHalfClosed = true
            client.halfClose(stream: stream, into: &toServer)
        } else if !call.clientIsBusy {
            let index = call.requestsSent
            let size = call.requests[index]
            let value = stream &+ UInt32(index)
            let outcome = client.sendMessage(
                stream: stream, size: size, isCompressed: false, ready: ready(size, value), into: &toServer,
                write: { fill($0, size, value) })
            call.requestsSent += 1
            call.clientIsBusy = isQueued(outcome)
        }
    }

    private mutating func advanceServer(_ stream: UInt32, _ call: Call) {
        guard call.isAtServer, !call.isAnswered, !call.serverIsBusy else { return }
        let index = call.responsesSent
        if call.streamsResponses, index == call.responses.count {
            call.isAnswered = true
            server.finish(stream: stream, trailers: ["k": "v"], into: &toClient)
        } else if call.streamsResponses {
            let size = call.responses[index]
            let value = stream &+ UInt32(index)
            let outcome = server.sendMessage(
                stream: stream, size: size, isCompressed: false, ready: ready(size, value), into: &toClient,
                write: { fill($0, size, value) })
            call.responsesSent += 1
            call.serverIsBusy = isQueued(outcome)
        } else if call.serverSawHalfClose {
            call.isAnswered = true
            call.responsesSent = 1
            let size = call.responses[0]
            server.respond(
                stream: stream, payloadSize: size, ready: ready(size, stream), trailers: [:], into: &toClient,
                write: { fill($0, size, stream) })
        }
    }

    /// Now and then a message is encoded already.
    private mutating func ready(_ size: Int, _ value: UInt32) -> ByteBuffer? {
        Bool.random(using: &random) ? ByteBuffer(repeating: UInt8(truncatingIfNeeded: value), count: size) : nil
    }

    private mutating func disturb(_ stream: UInt32?, _ call: Call?) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: pings += client.ping(UInt64(pings), into: &toServer) ? 1 : 0
        case 1: pings += server.ping(UInt64(pings), into: &toClient) ? 1 : 0
        case 2:
            if let stream, let call, !call.hasEnded, !call.isCancelled {
                call.isCancelled = true
                client.cancel(stream: stream, code: .cancelled, into: &toServer)
            }
        case 3:
            if let stream, let call, call.isAtServer, !call.isAnswered {
                call.isAnswered = true
                call.isFailed = true
                server.fail(stream: stream, RPCError(.aborted, "x"), into: &toClient)
            }
        default: break
        }
    }

    private func isQueued(_ outcome: SendOutcome) -> Bool {
        if case .queued = outcome { return true }
        if case .rejected(let error) = outcome { Issue.record(error) }
        return false
    }

    // MARK: Bytes

    private mutating func deliverToServer() {
        take(&toServer, into: &serverInput, &random)
        while let event = server.next(&serverInput, output: &toClient) { handle(event) }
    }

    private mutating func deliverToClient() {
        take(&toClient, into: &clientInput, &random)
        while let event = client.next(&clientInput, output: &toServer) { handle(event) }
    }

    private mutating func handle(_ event: ServerWireEvent) {
        switch event {
        case .request(let request):
            let call = calls[request.stream]!
            call.isAtServer = true
            call.serverSawHalfClose = request.isHalfClosed
            if let message = request.message { receive(request.stream, message, &call.requestsReceived, call.requests) }
        case .message(let stream, let message):
            let call = calls[stream]!
            #expect(!call.serverSawHalfClose)
            receive(stream, message, &call.requestsReceived, call.requests)
            if !call.isAnswered { call.serverWaiting.append(message.bytes.readableBytes) }
        case .messages(let stream, var messages):
            while let message = messages.popFirst() {
                handle(ServerWireEvent.message(stream: stream, message))
            }
        case .halfClosed(let stream): calls[stream]!.serverSawHalfClose = true
        case .cancel(let stream, let code):
            let call = calls[stream]!
            if call.isAtServer, !call.isAnswered {
                call.isAnswered = true
                server.fail(stream: stream, RPCError(code, ""), into: &toClient)
            }
        case .pong: pongs += 1
        case .established: break
        case .failedStream, .goAway, .refused, .failed, .httpRequest: Issue.record("\(describe(event))")
        }
    }

    private mutating func handle(_ event: ClientWireEvent) {
        switch event {
        case .message(let stream, let message):
            let call = calls[stream]!
            #expect(!call.hasEnded && !call.isCancelled)
            receive(stream, message, &call.responsesReceived, call.responses)
            call.clientWaiting.append(message.bytes.readableBytes)
        case .messages(let stream, var messages):
            var lent = messages
            while let message = messages.popFirst() {
                let bytes = lent.lendFirst()
                #expect(bytes?.count == message.bytes.readableBytes)
                #expect(bytes?.last == message.bytes.readableBytesView.last)
                #expect(lent.messageBytes == messages.messageBytes)
                handle(ClientWireEvent.message(stream: stream, message))
            }
            #expect(messages.messageBytes == 0)
        case .response(let response):
            let call = calls[response.stream]!
            #expect(!call.hasEnded)
            call.hasEnded = true
            call.clientWaiting = []
            call.serverWaiting = []
            guard case .success(let message) = response.result else {
                #expect(call.isCancelled || call.isFailed)
                return
            }
            if !call.streamsResponses, call.responsesReceived == 0, !call.isCancelled {
                receive(response.stream, message, &call.responsesReceived, call.responses)
            }
            #expect(call.isCancelled || call.responsesReceived == call.responses.count)
        case .pong: pongs += 1
        case .established: break
        case .initialMetadata, .failedStream, .goAway, .failed: Issue.record("\(describe(event))")
        }
    }

    private func receive(_ stream: UInt32, _ message: WireMessage, _ received: inout Int, _ sizes: [Int]) {
        let expected = UInt8(truncatingIfNeeded: stream &+ UInt32(received))
        let view = message.bytes.readableBytesView
        let isRight =
            view.count == sizes[received] && [view.first, view.last].allSatisfy { ($0 ?? expected) == expected }
        if !isRight { Issue.record("message \(received) of stream \(stream) isn't what was sent") }
        received += 1
    }

    // MARK: The end

    /// All calls have ended, and nothing is left anywhere.
    var isQuiet: Bool {
        calls.values.allSatisfy(\.hasEnded) && toServer.readableBytes == 0 && toClient.readableBytes == 0
    }

    func checkEnd() {
        let open = [client.openStreams, server.openStreams]
        let queued = [client.queuedBytes, server.queuedBytes, server.readyBytes]
        let isWaiting = [client.hasQueued, server.hasQueued, client.canPump, server.canPump]
        #expect(open == [0, 0])
        #expect(queued == [0, 0, 0])
        #expect(!isWaiting.contains(true))
        #expect(pongs == pings)
    }
}

/// Some of the bytes arrive.
private func take(_ bytes: inout ByteBuffer, into input: inout ByteBuffer, _ random: inout SplitMix) {
    guard bytes.readableBytes > 0 else { return }
    let most = [1, 30, 5000, 300_000].randomElement(using: &random)!
    var part = bytes.readSlice(length: min(bytes.readableBytes, Int.random(in: 1...most, using: &random)))!
    if input.readerIndex > input.readableBytes { input.discardReadBytes() }
    input.writeBuffer(&part)
    if bytes.readerIndex > bytes.readableBytes { bytes.discardReadBytes() }
}

private func limits(_ random: inout SplitMix) -> WireLimits {
    WireLimits(
        maxFrameBytes: Int.random(in: 16_384...100_000, using: &random), maxConcurrentStreams: 20,
        streamWindow: Int.random(in: 65_536...200_000, using: &random),
        connectionWindow: Int.random(in: 65_536...400_000, using: &random))
}

private func size(_ random: inout SplitMix) -> Int {
    let most = [0, 1, 200, 20_000, 100_000, 600_000].randomElement(using: &random)!
    return Int.random(in: 0...most, using: &random)
}

private func fill(_ place: UnsafeMutableRawPointer, _ size: Int, _ value: UInt32) {
    place.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: value), count: size)
}
