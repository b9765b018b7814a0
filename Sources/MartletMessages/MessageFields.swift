extension GeneratedMessage {
    /// A map's entry may come without its value, which then is the empty message.
    @inlinable
    public static func loadField(from record: RecordReader, at offset: Int) throws(DecodingError) -> Self {
        if let message: Self = try record.message(at: offset) { return message }
        return try record.nested(record.arena.allocateZeroed(table.size))
    }

    @inlinable
    public static func storeField(_ value: Self, into record: RecordWriter, at offset: Int) {
        withUnsafePointer(to: value) { record.storeMessage(UnsafeMutablePointer(mutating: $0), at: offset) }
    }

    @inlinable
    public static func isFieldDefault(_ value: Self) -> Bool { false }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) throws(DecodingError) -> [Self] {
        let records = record.elements(UnsafeRawPointer.self, at: offset)
        var messages: [Self] = []
        messages.reserveCapacity(records.count)
        for nested in records { messages.append(try record.nested(nested)) }
        return messages
    }

    @inlinable
    public static func storeFields(_ values: [Self], into record: RecordWriter, at offset: Int) {
        let table = Self.table
        var element = record.makeElements(UnsafeMutableRawPointer.self, count: values.count, at: offset)
        values.withUnsafeBufferPointer { values in
            for index in values.indices {
                let nested = RecordWriter(table, in: record.arena)
                element.initialize(to: nested.base)
                element += 1
                write(UnsafeMutablePointer(mutating: values.baseAddress.unsafelyUnwrapped + index), into: nested)
            }
        }
        record.arena.ensure(record.room)
    }
}

extension RecordReader {
    /// A singular message field.
    @inlinable
    public func message<M: GeneratedMessage>(at offset: Int) throws(DecodingError) -> M? {
        guard let record = load(at: offset) as UnsafeRawPointer? else { return nil }
        return try nested(record)
    }

    /// A singular message field that is boxed.
    @inlinable
    public func box<M: GeneratedMessage>(at offset: Int) throws(DecodingError) -> Box<M>? {
        guard let message: M = try message(at: offset) else { return nil }
        return Box(message)
    }

    /// A required message field.
    @inlinable
    public func requiredMessage<M: GeneratedMessage>(at offset: Int) throws(DecodingError) -> M {
        guard let message: M = try message(at: offset) else { throw error(.missingRequiredField, at: offset) }
        return message
    }

    /// Reads a record one level deeper.
    @inlinable
    func nested<M: GeneratedMessage>(_ record: UnsafeRawPointer) throws(DecodingError) -> M {
        guard arena.descend() else { throw tooDeep(M.table) }
        let message = try M(reading: RecordReader(record, in: arena))
        arena.ascend()
        return message
    }
}

extension RecordWriter {
    /// A singular message field. `message` is only read.
    @inlinable
    public func setMessage<M: GeneratedMessage>(_ message: inout M?, at offset: Int) {
        if case .none = message { return }
        withUnsafeMutablePointer(to: &message) { optional in
            // The payload of an Optional lies at its start.
            let payload = UnsafeMutableRawPointer(optional).assumingMemoryBound(to: M.self)
            storeMessage(payload, at: offset)
        }
    }

    /// A singular message field that is boxed.
    @inlinable
    public func setMessage<M: GeneratedMessage>(_ message: Box<M>?, at offset: Int) {
        guard let message else { return }
        withUnsafeMutablePointer(to: &message.storage) { storeMessage($0, at: offset) }
    }

    /// A required message field. `message` is only read.
    @inlinable
    public func setRequiredMessage<M: GeneratedMessage>(_ message: inout M, at offset: Int) {
        withUnsafeMutablePointer(to: &message) { storeMessage($0, at: offset) }
    }

    @inlinable
    func storeMessage<M: GeneratedMessage>(_ message: UnsafeMutablePointer<M>, at offset: Int) {
        let nested = RecordWriter(M.table, in: arena)
        store(nested.base, at: offset)
        M.write(message, into: nested)
        arena.ensure(room)
    }
}
