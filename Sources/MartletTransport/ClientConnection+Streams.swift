internal import MartletCore
internal import MartletWire
internal import NIOCore

/// Streams: usable on any thread.
extension ClientConnection {
    /// Sends a message of a stream. False: it wasn't sent, and the writer has to wait for its turn.
    func send<Element: Message>(
        _ message: Element, on call: StreamCall, compressed: Bool?
    ) throws(RPCError) -> Bool {
        var compression: Compression?
        if compressed ?? (call.options.compression != nil) {
            let (isKnown, possible) = withShared { shared in
                if !shared.knowsCompression { call.sending.awaitHello() }
                return (shared.knowsCompression, shared.wire.compression(call.options.compression))
            }
            guard isKnown else { return false }
            compression = possible
        }
        let outcome: SendOutcome?
        if compression != nil {
            let message = try EncodedMessage(
                message, compression: compression, always: compressed == true, executor.blocks)
            outcome = send(
                on: call, size: message.size, isCompressed: message.isCompressed, ready: message.bytes,
                message.bytes.write)
        } else {
            do throws(EncodingError) {
                outcome = try message.withSerialized { size, write in
                    send(on: call, size: size, isCompressed: false, write)
                }
            } catch {
                throw RPCError(encoding: error)
            }
        }
        return try isSent(outcome)
    }

    /// The same with the bytes of one that isn't to be compressed.
    func send(
        on call: StreamCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void
    ) throws(RPCError) -> Bool {
        try isSent(send(on: call, size: size, isCompressed: false, write))
    }

    private func isSent(_ outcome: SendOutcome?) throws(RPCError) -> Bool {
        switch outcome {
        case .sent, .queued: return true
        case .rejected(let error): throw error
        case nil, .closed: return false
        }
    }

    private func send(
        on call: StreamCall, size: Int, isCompressed: Bool, ready: ByteBuffer? = nil,
        _ write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome? {
        if let error = call.sizeError(size) { return .rejected(error) }
        if ready == nil, let bytes = encodedIfLarge(size: size, write) {
            return send(on: call, size: size, isCompressed: isCompressed, ready: bytes, bytes.write)
        }
        return flushing { shared in
            let outcome = shared.send(on: call, size: size, isCompressed: isCompressed, ready: ready, write)
            switch outcome {
            case .sent: call.sending.sent(isQueued: false)
            case .queued: call.sending.sent(isQueued: true)
            case nil, .closed: call.sending.unplace(from: ObjectIdentifier(self))
            case .rejected: break
            }
            return outcome
        }
    }

    /// No more messages come on a stream.
    func halfClose(_ call: StreamCall) { flushing { $0.halfClose(call) } }

    /// The application has taken messages.
    func consumed(_ call: StreamCall, _ taken: MessageQueue.Amount) {
        flushing { $0.consumed(call, bytes: taken.bytes, messages: taken.messages) }
    }

    /// A reader that was too far behind has caught up.
    func resumeReading() { executor.onLoop { self.readOn() } }
}
