internal import CProtobufC

/// Groups. libprotobuf-c doesn't know them: the record has a message's slot for them, which code that walks over
/// records reads, and an unknown field with the group's bytes, which is written.
extension RecordWriter {
    /// A singular group. `group` is only read.
    @inlinable
    public func setGroup<M: GeneratedMessage>(_ group: inout M?, number: UInt32, at offset: Int) {
        if case .none = group { return }
        setMessage(&group, at: offset)
        appendGroup(number: number, at: offset)
    }

    /// A singular group that is boxed.
    @inlinable
    public func setGroup<M: GeneratedMessage>(_ group: Box<M>?, number: UInt32, at offset: Int) {
        guard let group else { return }
        setMessage(group, at: offset)
        appendGroup(number: number, at: offset)
    }

    /// A required group. `group` is only read.
    @inlinable
    public func setRequiredGroup<M: GeneratedMessage>(_ group: inout M, number: UInt32, at offset: Int) {
        setRequiredMessage(&group, at: offset)
        appendGroup(number: number, at: offset)
    }

    /// A repeated group.
    @inlinable
    public func setGroups<M: GeneratedMessage>(_ groups: [M], number: UInt32, at offset: Int) {
        if groups.isEmpty { return }
        setList(groups, at: offset)
        appendGroups(number: number, at: offset)
    }

    /// The group `number` of a oneof whose case lies at `oneofCase`.
    @inlinable
    public func setOneofGroup<M: GeneratedMessage>(_ group: M, number: UInt32, at offset: Int, in oneofCase: Int) {
        setOneof(group, at: offset, case: number, in: oneofCase)
        appendGroup(number: number, at: offset)
    }
}

extension RecordWriter {
    @usableFromInline @inline(never)
    func appendGroup(number: UInt32, at offset: Int) {
        let group = base.load(fromByteOffset: offset, as: UnsafeRawPointer.self)
        appendUnknown(bytes: packedGroups(CollectionOfOne(group), number: number))
    }

    @usableFromInline @inline(never)
    func appendGroups(number: UInt32, at offset: Int) {
        let count = base.load(fromByteOffset: offset, as: Int.self)
        let groups = base.load(fromByteOffset: offset + 8, as: UnsafePointer<UnsafeRawPointer>.self)
        appendUnknown(bytes: packedGroups(UnsafeBufferPointer(start: groups, count: count), number: number))
    }

    /// Start tag, body and end tag of each group. Past protobuf's limit one byte too many stands for all of them, so
    /// that the message's size is refused.
    private func packedGroups(_ groups: some Collection<UnsafeRawPointer>, number: UInt32) -> UnsafeRawBufferPointer {
        let (start, end) = (number << 3 | 3, number << 3 | 4)
        let messages = groups.map { $0.assumingMemoryBound(to: ProtobufCMessage.self) }
        let sizes = messages.map { protobuf_c_message_get_packed_size($0) + 2 * start.varintSize }
        let size = sizes.reduce(0, +)
        guard size <= largestMessageSize else {
            let tag = arena.allocate(8)
            _ = tag.writeVarint(start)
            return UnsafeRawBufferPointer(start: tag, count: largestMessageSize + 1)
        }
        let bytes = arena.allocate(size)
        var position = bytes
        for message in messages {
            position = position.writeVarint(start)
            position += protobuf_c_message_pack(message, position.assumingMemoryBound(to: UInt8.self))
            position = position.writeVarint(end)
        }
        arena.ensure(room)
        return UnsafeRawBufferPointer(start: bytes, count: size)
    }
}

extension UInt32 {
    var varintSize: Int { (38 - (self | 1).leadingZeroBitCount) / 7 }
}

extension UnsafeMutableRawPointer {
    /// Returns where the next byte goes.
    func writeVarint(_ value: some FixedWidthInteger & UnsignedInteger) -> UnsafeMutableRawPointer {
        var (rest, position) = (value, self)
        while rest >= 0x80 {
            position.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            rest >>= 7
            position += 1
        }
        position.storeBytes(of: UInt8(rest), as: UInt8.self)
        return position + 1
    }
}
