package import NIOCore
internal import Synchronization

/// Memory of large messages that have been read or sent, for those that come next.
///
/// Fresh memory costs more than the copy into it: the system maps it page by page, and the allocator gives large blocks
/// back to the system as soon as they are free. A block that is kept may still be in use (by who reads the message, or by
/// the socket); it is used again only once nobody else refers to it.
///
/// Usable on any thread; meant for the connections of one event loop.
package final class SpareBlocks: Sendable {
    private struct Kept {
        /// The latest last, which the processor's caches may still know.
        var blocks: [ByteBuffer] = []
        var bytes = 0
        /// Since the last ``trim()``.
        var wasUsed = false
    }

    private let kept = Mutex(Kept())
    private let holdsSome = Atomic(false)

    /// A message, or the part of one, that is worth a block, in bytes.
    private static let leastSize = 16 << 10
    /// Capacities of single blocks, in bytes. Smaller ones cost little, larger ones are rare.
    private static let capacities = (64 << 10)...(4 << 20)
    /// A message holds no more memory than so many times its size.
    private static let mostTimes = 4
    /// Capacity of all blocks together, in bytes.
    private static let maxBytes = 16 << 20

    package init() {}

    /// Capacity of all blocks together, in bytes.
    var keptBytes: Int { kept.withLock { $0.bytes } }

    package var isEmpty: Bool { !holdsSome.load(ordering: .relaxed) }

    /// An empty buffer for a message of that size.
    func take(size: Int) -> ByteBuffer { take(size...max(size * Self.mostTimes, Self.capacities.lowerBound)) }

    /// An empty buffer for a message that begins with a part of that size.
    func take(part size: Int) -> ByteBuffer { take(size...max(size, Self.capacities.upperBound)) }

    private func take(_ range: ClosedRange<Int>) -> ByteBuffer {
        if range.lowerBound >= Self.leastSize, !isEmpty, let block = takeKept(range) { return block }
        return ByteBufferAllocator().buffer(capacity: range.lowerBound)
    }

    private func takeKept(_ range: ClosedRange<Int>) -> ByteBuffer? {
        kept.withLock { kept in
            kept.wasUsed = true
            for index in kept.blocks.indices.reversed() where range.contains(kept.blocks[index].capacity) {
                guard kept.blocks[index].modifyIfUniquelyOwned({ $0.clear() }) != nil else { continue }
                let block = kept.blocks.remove(at: index)
                kept.bytes -= block.capacity
                return block
            }
            return nil
        }
    }

    /// The bytes that `write` puts where it is told.
    package func bytes(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> ByteBuffer {
        var bytes = take(size: size)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            if let start = memory.baseAddress { write(start) }
            return size
        }
        return keep(bytesOf: bytes)
    }

    /// Keeps a buffer's memory, and returns its bytes, which must not change any more: in a buffer of their own if they are
    /// few, since a message may wait long for its reader.
    func keep(bytesOf block: ByteBuffer) -> ByteBuffer {
        keep(block)
        return block.capacity <= max(block.readableBytes * Self.mostTimes, Self.capacities.lowerBound)
            ? block : ByteBuffer(bytes: block.readableBytesView)
    }

    private func keep(_ block: ByteBuffer) {
        guard Self.capacities.contains(block.capacity) else { return }
        kept.withLock { kept in
            kept.blocks.append(block)
            kept.bytes += block.capacity
            while kept.bytes > Self.maxBytes { kept.bytes -= kept.blocks.removeFirst().capacity }
            kept.wasUsed = true
            holdsSome.store(true, ordering: .relaxed)
        }
    }

    /// Gives everything back if nothing was used since the last time. To be called from time to time.
    package func trim() {
        let unused: [ByteBuffer] = kept.withLock { kept in
            defer { kept.wasUsed = false }
            if kept.wasUsed { return [] }
            holdsSome.store(false, ordering: .relaxed)
            defer { kept = Kept() }
            return kept.blocks
        }
        _ = consume unused
    }
}
