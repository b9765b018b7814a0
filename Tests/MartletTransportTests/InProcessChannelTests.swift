import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartletTransport

/// What handlers rely on in a channel, on one event loop and across two.
@Suite struct InProcessChannelTests {
    /// Notes what happens at one end.
    private final class End: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let state = Mutex((bytes: [UInt8](), reads: 0, events: [String]()))

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            state.withLock { $0.bytes += Array(bytes.readableBytesView) }
        }

        func channelReadComplete(context: ChannelHandlerContext) { state.withLock { $0.reads += 1 } }
        func channelActive(context: ChannelHandlerContext) { note("active") }
        func channelInactive(context: ChannelHandlerContext) { note("inactive") }
        func handlerRemoved(context: ChannelHandlerContext) { note("removed") }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { note(causeText(error)) }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            note(context.channel.isWritable ? "writable" : "not writable")
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent { note("\(event)") }
        }

        private func note(_ event: String) { state.withLock { $0.events.append(event) } }

        var bytes: [UInt8] { state.withLock { $0.bytes } }
        var reads: Int { state.withLock { $0.reads } }
        var events: [String] { state.withLock { $0.events } }
    }

    private struct Connection {
        let channels: (InProcessChannel, InProcessChannel)
        let ends = (End(), End())

        /// Both ends have done what there was to do.
        func settle() async throws {
            for _ in 0..<10 {
                try await channels.0.eventLoop.submit {}.get()
                try await channels.1.eventLoop.submit {}.get()
            }
        }
    }

    private func connect(
        across isAcross: Bool,
        prepare: @escaping @Sendable (InProcessChannel, InProcessChannel) throws -> Void = { _, _ in }
    ) async throws -> Connection {
        let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
        let loop = loops[0]
        let other = isAcross ? try #require(loops.last) : loop
        let connection = Connection(channels: InProcessChannel.pair((loop, "a"), (other, "b")))
        let (a, b) = connection.channels
        let (endA, endB) = connection.ends
        try await loop.submit { try a.pipeline.syncOperations.addHandler(endA) }.get()
        try await other.submit { try b.pipeline.syncOperations.addHandler(endB) }.get()
        try prepare(a, b)
        try await loop.submit { a.activate() }.get()
        try await other.submit { b.activate() }.get()
        return connection
    }

    @Test(arguments: [false, true])
    func bytesGoBothWaysInOrder(across: Bool) async throws {
        let connection = try await connect(across: across)
        let (a, b) = connection.channels
        for byte in UInt8(0)..<100 {
            a.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
            b.writeAndFlush(ByteBuffer(bytes: [byte, byte]), promise: nil)
        }
        try await connection.settle()
        #expect(connection.ends.1.bytes == Array(0..<100))
        #expect(connection.ends.0.bytes == (UInt8(0)..<100).flatMap { [$0, $0] })
        #expect(a.peerText == "b" && b.peerText == "a")
        try await a.close()
        try await b.closeFuture.get()
        #expect(connection.ends.1.events == ["active", "inactive", "removed"])
        #expect(!a.isActive && !b.isActive)
    }

    @Test(arguments: [false, true])
    func aWriterWaitsForItsReader(across: Bool) async throws {
        let connection = try await connect(across: across) { _, b in
            try b.eventLoop.submit { try b.setOption(.autoRead, value: false) as Void }.wait()
        }
        let (a, b) = connection.channels
        let written = Mutex(false)
        let size = 1_000_000
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        a.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess { written.withLock { $0 = true } }
        try await connection.settle()
        #expect(!a.isWritable)
        #expect(connection.ends.1.bytes.isEmpty)
        #expect(try await a.getOption(.bufferedWritableBytes).get() == size - (256 << 10))

        b.read()
        try await connection.settle()
        #expect(connection.ends.1.bytes.count == 256 << 10)
        #expect(connection.ends.1.reads == 1)
        #expect(!written.withLock { $0 })

        try await b.setOption(.autoRead, value: true).get()
        try await connection.settle()
        #expect(connection.ends.1.bytes == bytes)
        #expect(a.isWritable && written.withLock { $0 })
        #expect(connection.ends.0.events == ["active", "not writable", "writable"])
        try await a.close()
    }

    @Test(arguments: [false, true])
    func eachDirectionClosesByItself(across: Bool) async throws {
        let connection = try await connect(across: across) { _, b in
            try b.eventLoop.submit { try b.setOption(.allowRemoteHalfClosure, value: true) as Void }.wait()
        }
        let (a, b) = connection.channels
        a.writeAndFlush(ByteBuffer(string: "last words"), promise: nil)
        try await a.close(mode: .output).get()
        try await connection.settle()
        #expect(connection.ends.1.bytes == Array("last words".utf8))
        #expect(connection.ends.1.events == ["active", "inputClosed"])
        await #expect(throws: ChannelError.outputClosed) { try await a.writeAndFlush(ByteBuffer(string: "x")) }

        try await b.writeAndFlush(ByteBuffer(string: "answer"))
        try await connection.settle()
        #expect(connection.ends.0.bytes == Array("answer".utf8))
        try await b.close(mode: .output).get()
        try await a.closeFuture.get()
        try await b.closeFuture.get()
        #expect(connection.ends.0.events == ["active", "outputClosed", "inactive", "removed"])
    }

    @Test(arguments: [false, true])
    func aHalfClosedPeerIsAClosedOneByDefault(across: Bool) async throws {
        let connection = try await connect(across: across)
        connection.channels.0.writeAndFlush(ByteBuffer(string: "bye"), promise: nil)
        connection.channels.0.close(mode: .output, promise: nil)
        try await connection.channels.1.closeFuture.get()
        try await connection.channels.0.closeFuture.get()
        #expect(connection.ends.1.bytes == Array("bye".utf8))
    }

    @Test(arguments: [false, true])
    func closingDeliversWhatWasSentEvenToOneThatDoesNotRead(across: Bool) async throws {
        let connection = try await connect(across: across) { _, b in
            try b.eventLoop.submit { try b.setOption(.autoRead, value: false) as Void }.wait()
        }
        let (a, b) = connection.channels
        try await a.writeAndFlush(ByteBuffer(string: "sent"))
        try await a.close()
        try await b.closeFuture.get()
        #expect(connection.ends.1.bytes == Array("sent".utf8))
        await #expect(throws: ChannelError.ioOnClosedChannel) { try await b.writeAndFlush(ByteBuffer(string: "x")) }
        await #expect(throws: ChannelError.alreadyClosed) { try await a.close() }
    }

    @Test(arguments: [false, true])
    func writesThatWaitFailWhenTheConnectionEnds(across: Bool) async throws {
        let connection = try await connect(across: across) { _, b in
            try b.eventLoop.submit { try b.setOption(.autoRead, value: false) as Void }.wait()
        }
        let (a, b) = connection.channels
        let waiting: EventLoopFuture<Void> = a.writeAndFlush(ByteBuffer(repeating: 1, count: 1_000_000))
        try await connection.settle()
        try await b.close()
        await #expect(throws: ChannelError.eof) { try await waiting.get() }
        try await a.closeFuture.get()
    }

    @Test func aBrokenConnectionIsAnError() async throws {
        let connection = try await connect(across: false)
        let (a, b) = connection.channels
        try await a.eventLoop.submit {
            a.arrive(.reset)
            b.arrive(.reset)
        }.get()
        try await b.closeFuture.get()
        #expect(connection.ends.0.events == ["active", "Connection reset by peer (errno 104)", "inactive", "removed"])
    }

    @Test func optionsItDoesNotHaveAreRefused() async throws {
        let connection = try await connect(across: false)
        await #expect(throws: ChannelError.operationUnsupported) {
            try await connection.channels.0.setOption(.maxMessagesPerRead, value: 1).get()
        }
        try await connection.channels.0.close()
    }
}
