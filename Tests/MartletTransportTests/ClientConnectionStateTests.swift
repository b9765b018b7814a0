import MartletCore
import MartletWire
import NIOCore
import Testing

@testable import MartletTransport

@Suite struct ClientConnectionStateTests {
    @Test func aNewCallDoesNotGoAheadOfThoseThatWait() {
        var client = Client(maxConcurrentStreams: 1)
        let first = client.start()
        #expect(first.isStarted)
        #expect(!client.start().isStarted)
        let waiter = Waiter { _ in }
        #expect(client.state.waitForRoom(waiter) == nil)

        client.answer(stream: 1)
        // There is room, and the one that waits hasn't been told so yet.
        #expect(!client.start().isStarted)
        let later = Waiter { _ in }
        #expect(client.state.waitForRoom(later) == nil)
        #expect(client.state.admitWaiters().map(ObjectIdentifier.init) == [ObjectIdentifier(waiter)])
        #expect(client.start(hasReservation: true).isStarted)
    }

    @Test func thoseThatGaveUpHoldNobodyUp() {
        var client = Client(maxConcurrentStreams: 1)
        #expect(client.start().isStarted)
        let waiter = Waiter { _ in }
        #expect(client.state.waitForRoom(waiter) == nil)
        waiter.resolve(.failed(RPCError(.cancelled, "enough")))

        client.answer(stream: 1)
        #expect(client.state.waitForRoom(Waiter { _ in }) != nil)
        #expect(client.start(hasReservation: true).isStarted)
        client.answer(stream: 3)
        #expect(client.state.admitWaiters().isEmpty)
        #expect(client.start().isStarted)
    }
}

/// A connection's state that has the server's Hello.
private struct Client: ~Copyable {
    var state = ClientConnectionState(ClientConnectionConfiguration(), blocks: SpareBlocks())
    private var server: ServerWire
    private let method = MethodDescriptor(service: "test.Service", name: "Call", shape: .unary)

    init(maxConcurrentStreams: Int) {
        server = ServerWire(
            limits: WireLimits(maxConcurrentStreams: maxConcurrentStreams),
            implementation: NativeImplementation(name: "test", version: "1"))
        exchange { _, _ in }
    }

    mutating func start(hasReservation: Bool = false) -> ClientConnectionState.Start {
        let call = OutgoingCall(method: method, options: .default, deadline: nil, timeout: nil, handler: nil)
        return state.start(
            call, form: .only(streamsResponses: false), size: 0, isCompressed: false, ready: nil, now: 0,
            hasReservation: hasReservation
        ) { _ in }
    }

    mutating func answer(stream: UInt32) {
        exchange { server, output in
            server.respond(stream: stream, payloadSize: 0, trailers: [:], into: &output) { _ in }
        }
    }

    /// The server reads, does something, and the client reads.
    private mutating func exchange(_ body: (inout ServerWire, inout ByteBuffer) -> Void) {
        var slices = OutputSlices(room: 1 << 20)
        var sent: [OutgoingCall] = []
        var requests = state.takeOutput(replacement: ByteBuffer(), slices: &slices, sent: &sent)
        var output = ByteBuffer()
        while server.next(&requests, output: &output) != nil {}
        body(&server, &output)
        var input = InputBuffer()
        input.append(output)
        var touched: [OutgoingCall] = []
        _ = state.receive(&input, now: 0, touched: &touched)
    }
}

extension ClientConnectionState.Start {
    fileprivate var isStarted: Bool { if case .started = self { true } else { false } }
}
