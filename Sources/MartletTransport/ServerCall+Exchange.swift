package import MartletCore
internal import MartletWire
internal import NIOCore
internal import Synchronization

extension ServerCall: ServerExchange {
    // MARK: - Reading

    package func takeOnlyMessage() throws(RPCError) -> IncomingMessage? {
        guard let message = takeOnly() else { return nil }
        if isInflated { return IncomingMessage(bytes: MessageBytes(message.bytes), wasCompressed: true) }
        return try connection.inflated(message)
    }

    package func lendMessage() -> UnsafeRawBufferPointer? {
        guard let inbound, let bytes = inbound.lend() else { return nil }
        reportTaken(inbound, atLeast: Self.reportedBytes)
        return bytes
    }

    package func takeMessage() throws(RPCError) -> IncomingMessage? {
        guard let inbound else { return try takeOnlyMessage() }
        // Whatever else there may be, `nextMessage` meets it again.
        guard case .message(let message) = inbound.take() else { return nil }
        reportTaken(inbound, atLeast: Self.reportedBytes)
        return try connection.inflated(message)
    }

    package nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? {
        guard let inbound else { return try takeOnlyMessage() }
        while true {
            switch inbound.take() {
            case .message(let message):
                reportTaken(inbound, atLeast: Self.reportedBytes)
                return try connection.inflated(message)
            case .end(let error):
                if let error { throw error }
                return nil
            case .nothing:
                if Task.isCancelled {
                    throw RPCError(.cancelled, "the task that reads the requests was cancelled")
                }
                reportTaken(inbound, atLeast: 1)
                await withTaskCancellationHandler {
                    await inbound.waitForMore(unlessCancelled: true)
                } onCancel: {
                    inbound.wake()
                }
            }
        }
    }

    package func claimReading() -> Bool { inbound?.claim() ?? true }

    package func stopReading() {
        guard let inbound else { return }
        report(inbound.stop(RPCError(.cancelled, "the handler has stopped reading the requests")))
    }

    /// What is taken, about in bytes, before the client may send more in its place.
    private static var reportedBytes: Int { 16 << 10 }

    private func reportTaken(_ inbound: MessageQueue, atLeast least: Int) {
        if let taken = inbound.takeUntold(atLeast: least) { report(taken) }
    }

    private func report(_ taken: MessageQueue.Amount) {
        connection.executor.onLoop {
            self.connection.consumed(taken, of: self)
            self.connection.giveBackEmptyOutput()
        }
    }

    // MARK: - Writing

    package var takesBytes: Bool { !runsOnPool }

    package func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) -> Bool {
        guard connection.executor.isOnLoop else { return false }
        return try connection.send(size: size, write, of: self)
    }

    package func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        if connection.executor.isOnLoop { return try connection.send(message, compressed: compressed, of: self) }
        let compression = try compression(compressed)
        guard shared.withLock({ $0.bytesUnderWay < Self.maximumBytesUnderWay }) else { return false }
        let encoded = try EncodedMessage(
            message, compression: compression, always: compressed == true, connection.executor.blocks)
        shared.withLock { $0.bytesUnderWay += encoded.cost }
        connection.executor.onLoop { self.connection.add(.message(encoded), to: self) }
        return true
    }

    package nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        await waitForRoom()
        while try !trySend(message, compressed: compressed) {
            if Task.isCancelled { throw RPCError(.cancelled, "the task that writes the responses was cancelled") }
            await waitForRoom()
        }
    }

    /// A server's half ends with its handler.
    package func finish() {}

    package func sendInitialMetadata() {
        connection.executor.onLoop { self.connection.sendInitialMetadata(of: self) }
    }

    package func respond(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) {
        if isHoldingResponse {
            heldResponse = [UInt8](size: size, write)
            return
        }
        if connection.executor.isOnLoop { return try connection.respond(to: self, size: size, write) }
        let compression: Compression?
        do throws(RPCError) { compression = try self.compression(nil) } catch {
            // A response that comes too late is dropped.
            return
        }
        let encoded = EncodedMessage(
            connection.executor.blocks.bytes(size: size, write), compression: compression, always: false)
        connection.executor.onLoop { self.connection.add(.response(encoded), to: self) }
    }

    /// Keeps the only response until ``sendHeldResponse()``, so that interceptors can still make an error of it.
    package func holdResponse() { isHoldingResponse = true }

    /// Throws INTERNAL if the handler never came to make one.
    package func sendHeldResponse() throws(RPCError) {
        guard let response = heldResponse.take() else {
            throw RPCError(
                .internalError,
                "an interceptor let the call succeed without a response: it must call `next`, or throw")
        }
        isHoldingResponse = false
        try respond(size: response.count, response.write)
    }

    /// Ends the responses of a call that has gone well. One that has ended stays as it is.
    package func complete() { connection.executor.onLoop { self.connection.add(.end, to: self) } }

    /// Ends the call with an error. One that has ended stays as it is.
    package func fail(with error: RPCError) {
        connection.executor.onLoop { self.connection.fail(self, with: error, .answered) }
    }

    // MARK: - Room

    /// Bytes that a writer on another thread may have on their way before it waits.
    private static var maximumBytesUnderWay: Int { 64 << 10 }

    private nonisolated(nonsending) func waitForRoom() async {
        let isOnLoop = connection.executor.isOnLoop
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let hasRoom = isOnLoop && connection.hasRoomOrTells(self)
                let isWaiting = shared.withLock { shared in
                    guard !hasRoom, shared.end == nil, !Task.isCancelled,
                        isOnLoop || shared.bytesUnderWay >= Self.maximumBytesUnderWay
                    else { return false }
                    shared.writer = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            wakeWriter()
        }
    }

    func wakeWriter() { shared.withLock { $0.writer.take() }?.resume() }

    /// A message of another thread is with the wire.
    func sent(_ message: EncodedMessage) {
        let writer: UnsafeContinuation<Void, Never>? = shared.withLock { shared in
            shared.bytesUnderWay -= message.cost
            return shared.bytesUnderWay < Self.maximumBytesUnderWay ? shared.writer.take() : nil
        }
        writer?.resume()
    }
}
