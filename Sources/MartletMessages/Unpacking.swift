internal import CProtobufC

/// Protobuf's limit for one message, in bytes: lengths are written as 32-bit numbers with a sign.
let largestMessageSize = Int(Int32.max)

extension Arena {
    /// Scratch memory that any message may use, however short it is.
    private static let leastMemory = 1 << 20
    /// Honest messages use 1 to 4 times their size.
    private static let memoryPerByte = 64

    /// Lets libprotobuf-c parse `bytes` into a record in this arena. It tells nothing about a failure, so that the
    /// reason comes from what the arena refused.
    @usableFromInline
    func unpack(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable, limits: DecodingLimits
    ) throws(DecodingError) -> RecordReader {
        guard bytes.count <= largestMessageSize else { throw DecodingError(.malformed, message: table.name) }
        let memory = limits.memory ?? max(Self.leastMemory, bytes.count * Self.memoryPerByte)
        limit(to: memory)
        state.pointee.refusal = nil
        state.pointee.depthLimit = limits.depth
        state.pointee.levelsLeft = limits.depth
        var allocator = ProtobufCAllocator(
            alloc: { arena, size in Arena(arena.unsafelyUnwrapped).allocateForUnpacking(size) },
            free: { _, _ in },
            allocator_data: state)
        let record = protobuf_c_message_unpack(
            table.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), &allocator, bytes.count,
            bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        if let record, descend() { return RecordReader(record, in: self) }
        let reason: DecodingError.Reason =
            switch state.pointee.refusal {
            case .overBudget: .overBudget(limit: memory)
            case .stackUsedUp: .tooDeep(limit: limits.depth)
            case nil: record == nil ? .malformed : .tooDeep(limit: limits.depth)
            }
        throw DecodingError(reason, message: table.name)
    }

    private init(_ state: UnsafeMutableRawPointer) { self.state = state.assumingMemoryBound(to: State.self) }

    /// libprotobuf-c recurses into nested messages without a limit and allocates at every level.
    private func allocateForUnpacking(_ size: Int) -> UnsafeMutableRawPointer? {
        guard hasStack else {
            state.pointee.refusal = .stackUsedUp
            return nil
        }
        return tryAllocate(size)
    }

    private var hasStack: Bool { martlet_stack_address() > state.pointee.stackFloor }

    /// Enters a nested message; false where that would be too deep.
    @usableFromInline
    func descend() -> Bool {
        state.pointee.levelsLeft -= 1
        return state.pointee.levelsLeft >= 0 && hasStack
    }

    @inlinable @inline(__always)
    func ascend() { state.pointee.levelsLeft += 1 }

    var depthLimit: Int { state.pointee.depthLimit }
}
