internal import Logging
internal import MartletCore
internal import MartletWire
internal import NIOCore

/// What a server's connection has to say and the socket hasn't taken.
struct ServerOutput {
    var bytes = ByteBuffer()
    /// Whether the channel takes more.
    var isWritable = true
    var isFlushPlanned = false
    /// Whether somebody writes into it, or into the wire, at the moment.
    var isLent = false
    /// Bytes that the channel keeps, as far as it was asked.
    var channelBytes = 0
    /// Bytes that the channel was given since.
    var unaskedBytes = 0
    /// What the counters know of.
    var reportedBytes = 0
    /// The lifecycle knows that messages wait.
    var isWatched = false
    /// Calls that have something to send and found no room.
    var waiting: [ServerCall] = []

    /// Output of one turn, in bytes, beyond which streams wait. Short, so that a small reply doesn't wait behind much.
    static let highWater = 64 << 10

    /// Bytes that the channel may be given before it is asked how many of them it keeps: the question costs 2,000
    /// instructions, 6 % of a call that comes alone.
    static let askedEvery = 16 << 10

    /// Of large messages, that one write takes along, in bytes: few system calls matter more than how large they are.
    static let writtenSlices = 256 << 10

    var isFull: Bool { !isWritable || bytes.readableBytes >= Self.highWater }
}

// MARK: - What handlers write, on the loop

extension ServerConnection {
    /// Sends the bytes of a message in the middle of a stream, if there is room and the call compresses nothing. False:
    /// nothing was done.
    func send(size: Int, _ write: (UnsafeMutableRawPointer) -> Void, of call: ServerCall) throws(RPCError) -> Bool {
        guard !call.hasEnded, call.hasSentInitialMetadata, hasRoom(for: call), call.context.responseCompression == nil
        else { return false }
        try note(
            withOutput { wire, output in
                wire.sendMessage(stream: call.stream, size: size, isCompressed: false, into: &output, write: write)
            }, of: call)
        return true
    }

    /// Sends a message of a stream if there is room. False: nothing was done.
    func send<Element: Message>(
        _ message: Element, compressed: Bool?, of call: ServerCall
    ) throws(RPCError) -> Bool {
        if call.hasEnded { throw call.endError }
        guard hasRoom(for: call) else { return false }
        if let error = sendInitialMetadataIfNeeded(of: call, announcement(of: call)) { throw error }
        let outcome: SendOutcome
        if compressed ?? (call.context.responseCompression != nil), let compression = try call.compression(compressed) {
            let encoded = try EncodedMessage(
                message, compression: compression, always: compressed == true, executor.blocks)
            outcome = send(encoded, of: call)
        } else {
            do throws(EncodingError) {
                outcome = try message.withSerialized { size, write in
                    withOutput { wire, output in
                        wire.sendMessage(
                            stream: call.stream, size: size, isCompressed: false, into: &output, write: write)
                    }
                }
            } catch {
                throw RPCError(encoding: error)
            }
        }
        try note(outcome, of: call)
        return true
    }

    private func note(_ outcome: SendOutcome, of call: ServerCall) throws(RPCError) {
        switch outcome {
        case .sent: break
        case .queued: call.isQueued = true
        case .rejected(let error): throw error
        case .closed: throw ServerCall.Ended.answered.error
        }
    }

    private func send(_ message: EncodedMessage, of call: ServerCall) -> SendOutcome {
        withOutput { wire, output in
            wire.sendMessage(
                stream: call.stream, size: message.size, isCompressed: message.isCompressed, ready: message.bytes,
                into: &output, write: message.bytes.write)
        }
    }

    /// Sends the only response, of so many bytes, which ends the call.
    func respond(to call: ServerCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) {
        guard !call.hasEnded else { return }
        if !call.hasSentInitialMetadata, call.pending.isEmpty, call.context.isPlain {
            let refusal = withOutput { wire, output in
                wire.respond(stream: call.stream, payloadSize: size, trailers: [:], into: &output, write: write)
            }
            return finish(call, refusal)
        }
        let isPlain = call.context.responseCompression == nil
        guard isPlain, call.pending.isEmpty else {
            let response = EncodedMessage(
                executor.blocks.bytes(size: size, write), compression: isPlain ? nil : try call.compression(nil),
                always: false)
            return add(.response(response), to: call)
        }
        if let error = sendInitialMetadataIfNeeded(of: call, nil) { throw error }
        let trailers = call.context.trailingMetadata
        let refusal = withOutput { wire, output in
            wire.respond(
                stream: call.stream, payloadSize: size, isCompressed: false, trailers: trailers, into: &output,
                write: write)
        }
        finish(call, refusal)
    }

    /// Sends something after all that the call has sent before.
    func add(_ output: PendingOutput, to call: ServerCall) {
        guard !call.hasEnded else { return }
        call.pending.append(output)
        sendPending(of: call)
    }

    private func sendPending(of call: ServerCall) {
        while !call.hasEnded, let next = call.pending.first {
            if let error = sendInitialMetadataIfNeeded(of: call, announcement(of: call, ahead: next)) {
                return fail(call, with: error, .answered)
            }
            switch next {
            case .message(let message):
                if call.isQueued { return }
                if output.isFull { return output.waiting.append(call) }
                call.pending.removeFirst()
                switch send(message, of: call) {
                case .sent: break
                case .queued: call.isQueued = true
                case .rejected(let error): return fail(call, with: error, .cancelled(.client, error))
                case .closed: return
                }
                call.sent(message)
            case .response(let message):
                let refusal = withOutput { wire, output in
                    wire.respond(
                        stream: call.stream, payloadSize: message.size, isCompressed: message.isCompressed,
                        ready: message.bytes, trailers: call.context.trailingMetadata, into: &output,
                        write: message.bytes.write)
                }
                finish(call, refusal)
            case .end:
                let refusal = withOutput { wire, output in
                    wire.finish(stream: call.stream, trailers: call.context.trailingMetadata, into: &output)
                }
                finish(call, refusal)
            }
        }
        if call.pending.isEmpty { call.wakeWriter() }
    }

    /// - Parameter refusal: Why the client gets an error instead.
    private func finish(_ call: ServerCall, _ refusal: RPCError?) {
        if let refusal {
            logger.warning(
                "a response was not sent",
                metadata: ["peer": "\(peer)", "method": "\(call.context.method)", "error": "\(refusal)"])
        }
        finish(call, .answered)
    }

    func sendInitialMetadata(of call: ServerCall) {
        guard !call.hasEnded, !call.hasSentInitialMetadata else { return }
        call.hasSentInitialMetadata = true
        let announcement = announcement(of: call)
        let refusal = withOutput { wire, output in
            wire.sendInitialMetadata(
                stream: call.stream, call.context.initialMetadata, compression: announcement, into: &output)
        }
        if let refusal { fail(call, with: refusal, .answered) }
    }

    /// Ahead of the first message.
    ///
    /// - Parameter announcement: What the client is to be told that compressed messages are compressed with.
    private func sendInitialMetadataIfNeeded(
        of call: ServerCall, _ announcement: @autoclosure () -> Compression?
    ) -> RPCError? {
        guard !call.hasSentInitialMetadata else { return nil }
        call.hasSentInitialMetadata = true
        let metadata = call.context.initialMetadata
        let announcement = announcement()
        guard !metadata.isEmpty || announcement != nil else { return nil }
        return withOutput { wire, output in
            wire.sendInitialMetadata(stream: call.stream, metadata, compression: announcement, into: &output)
        }
    }

    /// Of a stream, each of whose messages may be compressed.
    private func announcement(of call: ServerCall) -> Compression? {
        wire.announcesCompression ? call.chosenCompression : nil
    }

    private func announcement(of call: ServerCall, ahead next: PendingOutput) -> Compression? {
        switch next {
        case .message: announcement(of: call)
        case .response(let message): message.isCompressed ? announcement(of: call) : nil
        case .end: nil
        }
    }

    // MARK: Room

    private func hasRoom(for call: ServerCall) -> Bool { !call.isQueued && call.pending.isEmpty && !output.isFull }

    /// Whether the call may send. If not, its writer is woken when it may.
    func hasRoomOrTells(_ call: ServerCall) -> Bool {
        if hasRoom(for: call) { return true }
        if !call.isQueued, call.pending.isEmpty { output.waiting.append(call) }
        return false
    }

    private func goOn(_ call: ServerCall) {
        sendPending(of: call)
        if !call.isQueued, call.pending.isEmpty { call.wakeWriter() }
    }
}

// MARK: - From here to the socket

extension ServerConnection {
    /// Gives `body` the wire and the turn's output, and plans the flush if there is any.
    func withOutput<R>(_ body: (inout ServerWire, inout ByteBuffer) -> R) -> R {
        precondition(!output.isLent, "the encoding of a message must not call into its own connection")
        output.isLent = true
        if output.bytes.capacity == 0 { output.bytes = executor.takeOutputBuffer() }
        defer {
            output.isLent = false
            if !output.isFlushPlanned,
                output.bytes.readableBytes > 0 || wire.canPump || wire.queuedBytes > 0 && !output.isWatched
            {
                planFlush()
            }
        }
        return body(&wire, &output.bytes)
    }

    /// A connection without output keeps no buffer.
    func giveBackEmptyOutput() {
        guard output.bytes.readableBytes == 0, output.bytes.capacity > 0 else { return }
        var bytes = ByteBuffer()
        swap(&bytes, &output.bytes)
        executor.giveBack(consume bytes)
    }

    func planFlush() {
        guard !output.isFlushPlanned else { return }
        output.isFlushPlanned = true
        executor.flushAfterTurn(self)
    }

    /// Writes of one flush, at most 1 MiB together; then other connections have their turn.
    private static var writesPerFlush: Int { 4 }

    package func flushOutput() {
        output.isFlushPlanned = false
        guard let context else { return }
        var writes = 0
        while output.isWritable {
            var slices = OutputSlices(room: ServerOutput.writtenSlices)
            if wire.canPump { pump(&slices) }
            guard output.bytes.readableBytes > 0 else { break }
            writes += 1
            write(slices, context)
            if writes == Self.writesPerFlush {
                if wire.canPump { planFlush() }
                break
            }
        }
        for stream in wire.takeSent() {
            guard let call = calls[stream] else { continue }
            call.isQueued = false
            goOn(call)
        }
        tellWaiting()
        resumeReading(context)
        updateQueuedBytes()
        if wire.hasAnsweredLast { drain(reason: "the client's last request is answered") }
        noteWaitingMessages()
        if phase == .closing, output.bytes.readableBytes == 0 {
            linger(context)
        } else if wire.isOver {
            end()
        } else {
            closeIfDrained()
        }
    }

    /// Lets what is queued follow the output of the turn, up to the high water mark.
    private func pump(_ slices: inout OutputSlices) {
        if output.bytes.capacity == 0 { output.bytes = executor.takeOutputBuffer() }
        wire.pump(into: &output.bytes, &slices, room: max(ServerOutput.highWater - output.bytes.readableBytes, 0))
    }

    private func write(_ slices: OutputSlices, _ context: ChannelHandlerContext) {
        var bytes = ByteBuffer()
        swap(&bytes, &output.bytes)
        output.unaskedBytes += bytes.readableBytes
        let isMuch = output.unaskedBytes >= ServerOutput.askedEvery || !slices.isEmpty
        context.writeAndFlush(bytes, slices)
        executor.giveBack(consume bytes)
        if isMuch { noteChannelBytes(context) }
    }

    /// Those that find no room again wait behind the others.
    private func tellWaiting() {
        guard !output.waiting.isEmpty, !output.isFull else { return }
        var waiting: [ServerCall] = []
        swap(&waiting, &output.waiting)
        for call in waiting where !call.hasEnded { goOn(call) }
    }

    /// Keeps count of what the socket hasn't taken.
    private func noteChannelBytes(_ context: ChannelHandlerContext) {
        output.unaskedBytes = 0
        output.channelBytes = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        updateQueuedBytes()
        guard output.channelBytes > 0 else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenSuccess {
            if let context = self.context { self.noteChannelBytes(context) }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    private func noteWaitingMessages() {
        let isWaiting = wire.queuedBytes > 0
        guard isWaiting || output.isWatched else { return }
        let wasWatched = output.isWatched
        output.isWatched = isWaiting
        lifecycle.messagesWait(isWaiting, sent: wire.sentBytes, now: executor.nanosecondsThisTurn)
        if !wasWatched { armLifecycleTimer() }
    }

    private func updateQueuedBytes() {
        // A write may have been the connection's end: then all is reported as gone.
        guard phase != .closed else { return }
        let queued = output.channelBytes + output.bytes.readableBytes + wire.queuedBytes
        counters.queuedBytes.add(queued - output.reportedBytes)
        output.reportedBytes = queued
    }

    /// The connection is gone.
    func dropOutput() {
        counters.queuedBytes.add(-output.reportedBytes)
        output = ServerOutput()
        output.isWritable = false
    }
}
