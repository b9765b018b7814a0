/// Blocks of scratch memory that are byte arrays of their own, so that a `bytes` field can take its array over
/// instead of copying it.
///
/// Their memory is written through a pointer that has left the array. It stays where it is, since nothing but the
/// field's later owner changes the array.
struct LargeBlocks {
    /// From this size on, in bytes, a copy costs more than an allocation.
    static let leastSize = 16 << 10

    private var arrays: [UnsafeRawPointer: [UInt8]] = [:]

    var isEmpty: Bool { arrays.isEmpty }

    mutating func make(_ size: Int) -> UnsafeMutableRawPointer {
        var array = [UInt8](unsafeUninitializedCapacity: size) { $1 = size }
        let start = array.withUnsafeMutableBytes { $0.baseAddress.unsafelyUnwrapped }
        arrays[start] = array
        return start
    }

    /// The array whose memory starts there.
    mutating func take(_ start: UnsafeRawPointer) -> [UInt8]? { arrays.removeValue(forKey: start) }

    mutating func removeAll() { arrays.removeAll(keepingCapacity: true) }
}

extension Arena {
    /// A block for libprotobuf-c, nil when the budget is used up.
    func tryAllocateLarge(_ size: Int) -> UnsafeMutableRawPointer? {
        let left = state.pointee.budget - used
        guard size <= left else {
            refuse()
            return nil
        }
        state.pointee.usedBefore += size
        state.pointee.limit = min(state.pointee.limit, state.pointee.cursor + ((left - size) & ~7))
        return state.pointee.largeBlocks.make(size)
    }

    /// The array of a large byte string, if it has one.
    @usableFromInline
    func takeLarge(_ span: ByteSpan) -> [UInt8]? {
        guard span.count >= LargeBlocks.leastSize, let start = span.start else { return nil }
        return state.pointee.largeBlocks.take(start)
    }
}
