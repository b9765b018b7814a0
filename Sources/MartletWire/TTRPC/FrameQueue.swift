internal import NIOCore

/// Frames that wait for room in the output, in the order in which they came.
struct FrameQueue {
    private enum Role {
        case message
        case end
    }

    private struct Entry {
        let stream: UInt32
        let role: Role
        let frame: ByteBuffer
    }

    private var entries: [Entry] = []
    /// Streams whose message has left.
    private var sent: [UInt32] = []
    private(set) var bytes = 0
    /// Bytes that have waited and left.
    private(set) var sentBytes = 0

    var isEmpty: Bool { entries.isEmpty }

    func contains(_ stream: UInt32) -> Bool { entries.contains { $0.stream == stream } }

    /// Writes a message as Data: into the output, or, if that is full or others wait, to the end of the queue.
    mutating func send(
        stream: UInt32, size: Int, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        let header = FrameHeader(length: size, stream: stream, type: .data, flags: [])
        guard isEmpty, output.readableBytes < TTRPC.maxOutputBytes else {
            var frame = ByteBuffer()
            frame.writeFrame(header) { $0.payload(count: size, write) }
            append(Entry(stream: stream, role: .message, frame: frame))
            return .queued
        }
        output.writeFrame(header) { $0.payload(count: size, write) }
        return .sent
    }

    /// The last frame of one side of the stream.
    mutating func append(end frame: ByteBuffer, stream: UInt32) {
        append(Entry(stream: stream, role: .end, frame: frame))
    }

    /// Drops what waits for the stream.
    mutating func drop(_ stream: UInt32) {
        for entry in entries where entry.stream == stream { bytes -= entry.frame.readableBytes }
        entries.removeAll { $0.stream == stream }
        sent.removeAll { $0 == stream }
    }

    /// Moves frames into the output until `room` bytes or more have moved into it, or the slices are full. Returns the
    /// number of ends among them.
    mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) -> Int {
        let start = output.readableBytes
        var moved = 0
        var count = 0
        var ends = 0
        while output.readableBytes - start < room, !slices.isFull, count < entries.count {
            let entry = entries[count]
            slices.append(entry.frame, to: &output)
            moved += entry.frame.readableBytes
            count += 1
            switch entry.role {
            case .message: sent.append(entry.stream)
            case .end: ends += 1
            }
        }
        entries.removeFirst(count)
        bytes -= moved
        sentBytes += moved
        return ends
    }

    mutating func takeSent() -> [UInt32] {
        defer { sent.removeAll() }
        return sent
    }

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        bytes += entry.frame.readableBytes
    }
}
