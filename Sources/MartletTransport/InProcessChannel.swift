package import NIOCore
private import Synchronization

/// One end of a connection without sockets.
///
/// It behaves as a TCP channel does: what the other end doesn't read fills a buffer of 256 KiB, then stays with the
/// writer, which becomes unwritable; each direction can be closed by itself; reading waits for `read()`. Each end has
/// its own event loop, which may be the same; what passes between them is an ``InProcessSignal``.
///
/// Unchecked: all state but the atomics is touched on the loop only.
package final class InProcessChannel: Channel, @unchecked Sendable {
    /// Bytes that may be under way or unread.
    private static let capacity = 256 << 10

    package let eventLoop: any EventLoop
    /// The other end, as errors name it.
    package let peerName: String
    package let allocator = ByteBufferAllocator()

    private let courier: (any InProcessCourier)?
    private let closePromise: EventLoopPromise<Void>
    private var ownPipeline: ChannelPipeline!
    /// Nil once closed.
    private var peer: InProcessChannel?

    private let _isActive = Atomic(false)
    private let _isWritable = Atomic(true)
    private var isClosed = false

    private var signals: [InProcessSignal] = []
    private var isWakePlanned = false

    private var inbox = CircularBuffer<ByteBuffer>()
    private var isDelivering = false
    private var wantsRead = false
    private var unreportedBytes = 0
    private var hasPeerEnded = false
    private var isInputClosed = false

    var output = InProcessOutput(credit: capacity)
    private var isOutputEnding = false
    private var isOutputClosed = false
    private var outputClosedPromise: EventLoopPromise<Void>?

    var readsByItself = true
    var allowsHalfClosure = false

    /// Two ends that are connected, neither active yet.
    package static func pair(
        _ a: (loop: any EventLoop, name: String), _ b: (loop: any EventLoop, name: String),
        courier: (any InProcessCourier)? = nil
    ) -> (InProcessChannel, InProcessChannel) {
        let first = InProcessChannel(loop: a.loop, peerName: b.name, courier: courier)
        let second = InProcessChannel(loop: b.loop, peerName: a.name, courier: courier)
        first.peer = second
        second.peer = first
        return (first, second)
    }

    private init(loop: any EventLoop, peerName: String, courier: (any InProcessCourier)?) {
        eventLoop = loop
        self.peerName = peerName
        self.courier = courier
        closePromise = loop.makePromise()
        ownPipeline = ChannelPipeline(channel: self)
    }

    package var pipeline: ChannelPipeline { ownPipeline }
    package var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }
    package var localAddress: SocketAddress? { nil }
    package var remoteAddress: SocketAddress? { nil }
    package var parent: (any Channel)? { nil }
    package var isActive: Bool { _isActive.load(ordering: .relaxed) }
    package var isWritable: Bool { _isWritable.load(ordering: .relaxed) }
    package var _channelCore: any ChannelCore { self }

    /// Begins to carry bytes, once the handlers are there. On the loop.
    package func activate() {
        guard !isClosed else { return }
        pipeline.syncOperations.fireChannelRegistered()
        _isActive.store(true, ordering: .relaxed)
        pipeline.syncOperations.fireChannelActive()
        requestRead()
        wake()
    }

    // MARK: - Signals

    private func send(_ signal: InProcessSignal) {
        guard let peer else { return }
        if let courier {
            courier.carry(signal, to: peer)
        } else if peer.eventLoop === eventLoop {
            peer.signals.append(signal)
            peer.wake()
        } else {
            peer.eventLoop.execute { peer.arrive(signal) }
        }
    }

    /// Takes a signal from the other end. On this end's loop, and not from within a handler of it.
    package func arrive(_ signal: InProcessSignal) {
        signals.append(signal)
        work()
    }

    /// Handles what has come in soon, in a turn of its own.
    private func wake() {
        guard !isWakePlanned else { return }
        isWakePlanned = true
        eventLoop.execute {
            self.isWakePlanned = false
            self.work()
        }
    }

    private func work() {
        guard isActive else {
            if isClosed { signals.removeAll() }
            return
        }
        var arrived: [InProcessSignal] = []
        swap(&arrived, &signals)
        for signal in arrived { handle(signal) }
        deliver()
        if signals.isEmpty {
            arrived.removeAll(keepingCapacity: true)
            swap(&arrived, &signals)
        }
    }

    private func handle(_ signal: InProcessSignal) {
        switch signal {
        case .bytes(let bytes):
            if isInputClosed { report(bytes.readableBytes) } else { inbox.append(bytes) }
        case .taken(let bytes):
            output.addCredit(bytes)
            sendOutput()
        case .end:
            hasPeerEnded = true
        case .closed:
            hasPeerEnded = true
            allowsHalfClosure = false
        case .reset:
            guard !isClosed else { return }
            pipeline.syncOperations.fireErrorCaught(IOError.connectionReset)
            close0(error: IOError.connectionReset, mode: .all, promise: nil)
        }
    }

    // MARK: - Input

    func requestRead() {
        if isActive, readsByItself, !wantsRead { pipeline.syncOperations.read() }
    }

    /// Hands over what has come in. An end of the stream is noticed whether somebody reads or not, as with sockets.
    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while isActive, wantsRead || hasPeerEnded, !inbox.isEmpty {
            wantsRead = false
            var size = 0
            while isActive, let bytes = inbox.popFirst() {
                size += bytes.readableBytes
                pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
            }
            report(size)
            pipeline.syncOperations.fireChannelReadComplete()
            requestRead()
        }
        if isActive, hasPeerEnded, !isInputClosed, inbox.isEmpty { endInput() }
    }

    private func endInput() {
        isInputClosed = true
        if allowsHalfClosure, !isOutputClosed {
            pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            close0(error: ChannelError.eof, mode: .all, promise: nil)
        }
    }

    /// Tells the other end of room, in steps of half the capacity.
    private func report(_ bytes: Int) {
        unreportedBytes += bytes
        guard unreportedBytes >= Self.capacity / 2 else { return }
        send(.taken(unreportedBytes))
        unreportedBytes = 0
    }

    // MARK: - Output

    private func sendOutput() {
        while let (bytes, promise) = output.next() {
            if bytes.readableBytes > 0 { send(.bytes(bytes)) }
            promise?.succeed()
        }
        if output.updateWritability() { writabilityChanged() }
        if isOutputEnding, !isOutputClosed, output.isEmpty { endOutput() }
    }

    private func writabilityChanged() {
        _isWritable.store(output.isWritable, ordering: .relaxed)
        pipeline.syncOperations.fireChannelWritabilityChanged()
    }

    private func endOutput() {
        isOutputClosed = true
        send(.end)
        outputClosedPromise.take()?.succeed()
        pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.outputClosed)
        if isInputClosed, !isClosed { close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }
}

// MARK: - What the pipeline's head calls

extension InProcessChannel: ChannelCore {
    package func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isClosed { return promise.fail(ChannelError.ioOnClosedChannel) }
        if isOutputEnding { return promise.fail(ChannelError.outputClosed) }
        if output.append(unwrapData(data, as: ByteBuffer.self), promise: promise) { writabilityChanged() }
    }

    package func flush0() {
        guard isActive else { return }
        output.flush()
        sendOutput()
    }

    package func read0() {
        guard !wantsRead else { return }
        wantsRead = true
        if !inbox.isEmpty, !isDelivering { wake() }
    }

    package func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case _ where isClosed:
            promise.fail(ChannelError.alreadyClosed)
        case .all:
            close(because: error)
            promise?.succeed()
        case .output where isOutputEnding:
            promise.fail(ChannelError.outputClosed)
        case .output:
            isOutputEnding = true
            outputClosedPromise = promise
            flush0()
        case .input:
            promise.fail(ChannelError.operationUnsupported)
        }
    }

    private func close(because error: any Error) {
        let wasActive = isActive
        isClosed = true
        _isActive.store(false, ordering: .relaxed)
        send(.closed)
        peer = nil
        inbox.removeAll()
        for promise in output.removeAll() { promise.fail(error) }
        outputClosedPromise.take()?.fail(error)
        if wasActive {
            pipeline.syncOperations.fireChannelInactive()
            pipeline.syncOperations.fireChannelUnregistered()
        }
        // Handlers may be on the stack still.
        eventLoop.execute {
            self.removeHandlers(pipeline: self.pipeline)
            self.closePromise.succeed()
        }
    }
}

extension EventLoopPromise<Void>? {
    func fail(_ error: any Error) { self?.fail(error) }
}
