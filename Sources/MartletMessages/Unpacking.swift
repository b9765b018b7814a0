internal import CProtobufC

/// Protobuf's limit for one message, in bytes: lengths are written as 32-bit numbers with a sign.
let largestMessageSize = Int(Int32.max)

extension Arena {
    /// Scratch memory that any message may use, however short it is.
    private static let leastMemory = 1 << 20
    /// Honest messages use 1 to 4 times their size.
    private static let memoryPerByte = 64

    /// Sets the limits for reading `bytes` into records in this arena, which is empty.
    func begin(_ bytes: UnsafeRawBufferPointer, _ limits: DecodingLimits) {
        limit(to: limits.memory ?? max(Self.leastMemory, bytes.count * Self.memoryPerByte))
        state.pointee.refusal = nil
        state.pointee.depthLimit = limits.depth
        state.pointee.levelsLeft = limits.depth
    }

    /// Lets libprotobuf-c parse `bytes` into a record in this arena. Nil where it can't, or where what it reads may
    /// not be what other implementations read.
    @usableFromInline
    func unpackQuickly(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable, limits: DecodingLimits
    ) -> RecordReader? {
        guard bytes.count <= largestMessageSize else { return nil }
        begin(bytes, limits)
        state.pointee.input = UnsafeRawPointer(bytes.baseAddress)
        state.pointee.inputEnd = bytes.baseAddress.map { $0 + bytes.count }
        var allocator = ProtobufCAllocator(
            alloc: { arena, size in Arena(arena.unsafelyUnwrapped).allocateForUnpacking(size) },
            free: { arena, block in Arena(arena.unsafelyUnwrapped).noteFreed(block.unsafelyUnwrapped) },
            allocator_data: state)
        let record = protobuf_c_message_unpack(
            table.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), &allocator, bytes.count,
            bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        guard let record, state.pointee.refusal == nil, descend() else { return nil }
        return RecordReader(record, in: self)
    }

    private init(_ state: UnsafeMutableRawPointer) { self.state = state.assumingMemoryBound(to: State.self) }

    private func allocateForUnpacking(_ size: Int) -> UnsafeMutableRawPointer? {
        if let table = MessageTable(recordSize: size) { return allocateRecord(table) }
        return size < LargeBlocks.leastSize ? tryAllocate(size) : tryAllocateLarge(size)
    }

    /// libprotobuf-c recurses into nested messages without a limit and allocates a record at every level.
    private func allocateRecord(_ table: MessageTable) -> UnsafeMutableRawPointer? {
        guard hasStack else {
            state.pointee.refusal = .stackUsedUp
            return nil
        }
        guard let record = tryAllocate(table.size) else { return nil }
        record.initializeMemory(as: UInt8.self, repeating: 0, count: table.size)
        record.storeBytes(of: table.descriptor, as: UnsafeRawPointer.self)
        record.storeBytes(of: RecordMark.value, toByteOffset: RecordMark.offset, as: UInt32.self)
        return record
    }

    /// libprotobuf-c frees the lists of what it has scanned, which hold pointers into the input, and the all zero map
    /// of required fields that a message of more than 128 fields has. Any other block is a value that a later one
    /// replaces: it merges messages wrongly, and only the replacing string would be checked for UTF-8.
    private func noteFreed(_ block: UnsafeMutableRawPointer) {
        let input = block.load(fromByteOffset: 24, as: UnsafeRawPointer?.self)
        if let input, let start = state.pointee.input, let end = state.pointee.inputEnd, start <= input, input <= end {
            return
        }
        let isMap =
            block.load(as: UInt64.self) == 0
            && block.load(fromByteOffset: RecordMark.offset, as: UInt32.self) != RecordMark.value
        if !isMap && state.pointee.refusal == nil {
            state.pointee.refusal = .replacesValues
            refuseAll()
        }
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

/// Tells a record from other blocks, in the padding of libprotobuf-c's base.
private enum RecordMark {
    static let offset = 12
    static let value: UInt32 = 0x4D61_7274
}

extension MessageTable {
    /// What libprotobuf-c takes for the size of a record, and asks the allocator for: the table itself, so that the
    /// allocator knows what it allocates, and makes the record at once.
    static func recordSize(_ header: UnsafePointer<Header>) -> Int { Int(bitPattern: header) | .min }

    init?(recordSize: Int) {
        guard recordSize < 0 else { return nil }
        self.init(UnsafePointer(bitPattern: recordSize & .max).unsafelyUnwrapped)
    }
}
