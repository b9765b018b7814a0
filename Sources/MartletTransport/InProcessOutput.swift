internal import NIOCore

/// What one end of an in-process connection has written and the other hasn't room for yet.
struct InProcessOutput {
    private struct Write {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    private var writes = CircularBuffer<Write>()
    private var flushedWrites = 0
    /// Bytes that the other end has room for.
    private var credit: Int
    private(set) var bufferedBytes = 0
    private(set) var isWritable = true
    var waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 32 << 10, high: 64 << 10)

    init(credit: Int) { self.credit = credit }

    var isEmpty: Bool { writes.isEmpty }

    /// Returns whether this made the end unwritable.
    mutating func append(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) -> Bool {
        writes.append(Write(bytes: bytes, promise: promise))
        bufferedBytes += bytes.readableBytes
        guard isWritable, bufferedBytes > waterMark.high else { return false }
        isWritable = false
        return true
    }

    mutating func flush() { flushedWrites = writes.count }

    mutating func addCredit(_ bytes: Int) { credit += bytes }

    /// The next flushed bytes that there is room for. The promise comes with the last bytes of its write.
    mutating func next() -> (bytes: ByteBuffer, promise: EventLoopPromise<Void>?)? {
        guard flushedWrites > 0 else { return nil }
        let size = writes[writes.startIndex].bytes.readableBytes
        if size > credit {
            guard credit > 0 else { return nil }
            let part = writes[writes.startIndex].bytes.readSlice(length: credit)!
            bufferedBytes -= credit
            credit = 0
            return (part, nil)
        }
        let write = writes.removeFirst()
        flushedWrites -= 1
        bufferedBytes -= size
        credit -= size
        return (write.bytes, write.promise)
    }

    /// Returns whether the end has become writable again.
    mutating func updateWritability() -> Bool {
        guard !isWritable, bufferedBytes < waterMark.low else { return false }
        isWritable = true
        return true
    }

    /// Drops all writes; their promises are for the caller to fail.
    mutating func removeAll() -> [EventLoopPromise<Void>] {
        defer {
            writes.removeAll()
            flushedWrites = 0
            bufferedBytes = 0
        }
        return writes.compactMap(\.promise)
    }
}
