extension GeneratedMessage {
    @inlinable
    public init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {
        let arena = Arena.take()
        defer { arena.giveBack() }
        if let record = arena.unpackQuickly(bytes, as: Self.table, limits: limits) {
            do throws(DecodingError) {
                self = try Self(reading: record)
                return
            } catch {
                // Bytes that are wrong, or numbers that a closed enum doesn't know: but for one that a later number of
                // its field has replaced, which is lost here and would be an unknown field.
            }
        }
        self = try arena.decodeExactly(bytes, limits: limits)
    }

    /// Reads a message without libprotobuf-c, which gives the same, only slower; for those who prove it.
    package init(
        exactlySerialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .default
    ) throws(DecodingError) {
        let arena = Arena.take()
        defer { arena.giveBack() }
        self = try arena.decodeExactly(bytes, limits: limits)
    }
}

extension Arena {
    /// What libprotobuf-c made of the bytes is forgotten, but for how it ended.
    @usableFromInline @inline(never)
    func decodeExactly<M: GeneratedMessage>(
        _ bytes: UnsafeRawBufferPointer, limits: DecodingLimits
    ) throws(DecodingError) -> M {
        let record = try unpackExactly(bytes, as: M.table, limits: limits)
        return try read(record, limits, as: M.messageName) { (record) throws(DecodingError) in
            try M(reading: record)
        }
    }

    /// A record that is read field by field, by code which finds wrong strings and missing fields itself.
    @usableFromInline
    func unpack(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable, limits: DecodingLimits
    ) throws(DecodingError) -> RecordReader {
        if let record = unpackQuickly(bytes, as: table, limits: limits) { return record }
        let record = try unpackExactly(bytes, as: table, limits: limits)
        _ = descend()
        return record
    }

    /// Parses again what libprotobuf-c has failed on, or has read wrongly.
    private func unpackExactly(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable, limits: DecodingLimits
    ) throws(DecodingError) -> RecordReader {
        MessageStatistics.countFallbackParse()
        guard bytes.count <= largestMessageSize else {
            throw DecodingError(.malformed(.length), message: table.name)
        }
        let wasOverBudget = state.pointee.refusal == .overBudget
        reset()
        let record = try parse(bytes, as: table, limits: limits, message: table.name)
        if wasOverBudget {
            throw DecodingError(.overBudget(limit: state.pointee.budget), message: table.name)
        }
        return record
    }

    /// For an empty arena.
    func parse(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable, limits: DecodingLimits, message: String
    ) throws(DecodingError) -> RecordReader {
        begin(bytes, limits)
        var parser = RecordParser(in: self)
        do throws(ParseFailure) {
            return RecordReader(try parser.parse(bytes, as: table).base, in: self)
        } catch {
            throw error.error(in: message, from: bytes.baseAddress)
        }
    }

    /// Makes the value of a record. The fields that are missing are found by a walk over the record: here it is too
    /// late to know the way that led to them.
    func read<Value>(
        _ record: RecordReader, _ limits: DecodingLimits, as message: String,
        _ value: (RecordReader) throws(DecodingError) -> Value
    ) throws(DecodingError) -> Value {
        state.pointee.levelsLeft = limits.depth
        do throws(DecodingError) {
            guard descend() else { throw record.tooDeep(MessageTable(record: record.base)) }
            return try value(record)
        } catch {
            state.pointee.levelsLeft = limits.depth
            let path = error.reason == .missingRequiredField ? record.missingField() : nil
            throw DecodingError(error.reason, message: message, field: path)
        }
    }
}
