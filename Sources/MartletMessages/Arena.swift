/// Scratch memory of one encode or decode call: a bump allocator, emptied as a whole.
///
/// A handle, owned by one thread at a time; see `take()`.
@frozen @usableFromInline
struct Arena {
    @usableFromInline let state: UnsafeMutablePointer<State>

    @usableFromInline
    struct State {
        /// Where the next block starts, a multiple of 8, and where the chunk (or the budget) ends.
        @usableFromInline var cursor: UnsafeMutableRawPointer
        @usableFromInline var limit: UnsafeMutableRawPointer
        var chunkStart: UnsafeMutableRawPointer
        /// Bytes handed out of earlier chunks.
        var usedBefore = 0
        var budget = Int.max

        /// Kept between calls.
        var firstChunk: UnsafeMutableRawPointer
        var firstChunkSize: Int
        /// The latest of this call's further chunks; each starts with a pointer to the one before.
        var furtherChunks: UnsafeMutableRawPointer?
        var furtherSize = 0
        var largeBlocks = LargeBlocks()

        @usableFromInline var levelsLeft = 0
        var depthLimit = 0
        var stackFloor: UInt = 0
        /// Why the latest decode call was refused memory.
        var refusal: Refusal?
        /// The bytes that libprotobuf-c reads.
        var input: UnsafeRawPointer?
        var inputEnd: UnsafeRawPointer?

        /// The arenas of the thread that keeps it, if one does.
        var home: UnsafeMutableRawPointer?
        /// The next unused arena of the same thread.
        var next: Arena?
    }

    enum Refusal {
        case overBudget, stackUsedUp
        /// No fault: libprotobuf-c would read the bytes wrongly.
        case replacesValues
    }

    private static let firstChunkSize = 16 << 10
    private static let largestChunkKept = 4 << 20
    private static let smallestFurtherChunk = 64 << 10
    /// Room for the link to the chunk before; keeps blocks aligned.
    private static let chunkHeader = 16
    /// Room behind the last block, because `noteFreed` looks at the first 32 bytes of any.
    private static let chunkReserve = 32

    init() {
        let chunk = UnsafeMutableRawPointer.allocate(
            byteCount: Self.firstChunkSize + Self.chunkReserve, alignment: 16)
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                cursor: chunk, limit: chunk + Self.firstChunkSize, chunkStart: chunk, firstChunk: chunk,
                firstChunkSize: Self.firstChunkSize))
    }

    func deallocate() {
        reset()
        state.pointee.firstChunk.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Forgets all blocks. After a call that needed more, the first chunk grows, so that steady traffic of that
    /// size stops allocating.
    func reset() {
        if state.pointee.furtherChunks != nil { dropFurtherChunks() }
        if !state.pointee.largeBlocks.isEmpty { state.pointee.largeBlocks.removeAll() }
        let chunk = state.pointee.firstChunk
        state.pointee.chunkStart = chunk
        state.pointee.cursor = chunk
        state.pointee.limit = chunk + state.pointee.firstChunkSize
        state.pointee.usedBefore = 0
        state.pointee.budget = .max
    }

    private func dropFurtherChunks() {
        while let chunk = state.pointee.furtherChunks {
            state.pointee.furtherChunks = chunk.load(as: UnsafeMutableRawPointer?.self)
            chunk.deallocate()
        }
        let wanted = min(state.pointee.firstChunkSize + state.pointee.furtherSize, Self.largestChunkKept)
        if wanted > state.pointee.firstChunkSize {
            state.pointee.firstChunk.deallocate()
            state.pointee.firstChunk = .allocate(byteCount: wanted + Self.chunkReserve, alignment: 16)
            state.pointee.firstChunkSize = wanted
        }
        state.pointee.furtherSize = 0
    }

    /// Refuses more than `budget` bytes, counted over all blocks. For an empty arena.
    func limit(to budget: Int) {
        let budget = max(0, budget) & ~7
        state.pointee.budget = budget
        state.pointee.limit = state.pointee.chunkStart + min(budget, state.pointee.firstChunkSize)
    }
}

// MARK: - Blocks

extension Arena {
    /// Nil when the budget is used up. Blocks are aligned to 8 bytes.
    @inlinable @inline(__always)
    func tryAllocate(_ size: Int) -> UnsafeMutableRawPointer? {
        let size = (size &+ 7) & ~7
        let block = state.pointee.cursor
        if size > state.pointee.limit - block { return allocateFurther(size) }
        state.pointee.cursor = block + size
        return block
    }

    /// For encoding, which no budget bounds.
    @inlinable @inline(__always)
    func allocate(_ size: Int) -> UnsafeMutableRawPointer { tryAllocate(size).unsafelyUnwrapped }

    @inlinable @inline(__always)
    func allocateZeroed(_ size: Int) -> UnsafeMutableRawPointer {
        let block = allocate(size)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return block
    }

    /// Makes room for blocks of `size` bytes in all, to be taken with `bump`.
    @inlinable @inline(__always)
    func ensure(_ size: Int) {
        if size > state.pointee.limit - state.pointee.cursor { startChunk(size) }
    }

    /// A block for which there is room.
    @inlinable @inline(__always)
    func bump(_ size: Int) -> UnsafeMutableRawPointer {
        let block = state.pointee.cursor
        let end = block + ((size &+ 7) & ~7)
        precondition(end <= state.pointee.limit)
        state.pointee.cursor = end
        return block
    }

    /// Bytes handed out so far.
    var used: Int { state.pointee.usedBefore + (state.pointee.cursor - state.pointee.chunkStart) }

    @usableFromInline @inline(never)
    func allocateFurther(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size <= state.pointee.budget - used else {
            refuse()
            return nil
        }
        startChunk(size)
        let block = state.pointee.cursor
        state.pointee.cursor = block + size
        return block
    }

    func refuse() {
        if state.pointee.refusal == nil { state.pointee.refusal = .overBudget }
    }

    /// Lets no block be allocated any more.
    func refuseAll() {
        state.pointee.budget = 0
        state.pointee.limit = state.pointee.cursor
    }

    /// Starts a chunk of at least `size` bytes; chunks grow with what the call has used, within its budget.
    @usableFromInline @inline(never)
    func startChunk(_ size: Int) {
        let used = used
        let comfortable = max(Self.smallestFurtherChunk, state.pointee.furtherSize)
        let chunkSize = max(size, min(comfortable, state.pointee.budget - used))
        let chunk = UnsafeMutableRawPointer.allocate(
            byteCount: Self.chunkHeader + chunkSize + Self.chunkReserve, alignment: 16)
        chunk.storeBytes(of: state.pointee.furtherChunks, as: UnsafeMutableRawPointer?.self)
        state.pointee.furtherChunks = chunk
        state.pointee.furtherSize += chunkSize
        state.pointee.usedBefore = used
        state.pointee.chunkStart = chunk + Self.chunkHeader
        state.pointee.cursor = state.pointee.chunkStart
        state.pointee.limit = state.pointee.chunkStart + chunkSize
    }
}
