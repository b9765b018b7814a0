/// Writes records as JSON.
struct JSONWriter: ~Copyable {
    var out = ByteOutput()
    let options: JSONEncodingOptions
    /// Spaces before the members of the object or array that is open.
    var margin = 0
    /// Levels of `Any` in `Any`: each of them is decoded anew, so that nothing else bounds them.
    var anyLevels = 0

    init(_ options: JSONEncodingOptions) { self.options = options }

    mutating func write<M: GeneratedMessage>(_ message: M) throws(JSONEncodingError) {
        try withRecord(of: message) { (writer, record) throws(JSONEncodingError) in
            try writer.writeMessage(record, M.table.json)
        }
    }

    /// Fills a record that is valid inside `body`.
    mutating func withRecord<M: GeneratedMessage>(
        of message: M, _ body: (inout JSONWriter, RecordReader) throws(JSONEncodingError) -> Void
    ) throws(JSONEncodingError) {
        let arena = Arena.take()
        defer { arena.giveBack() }
        try withUnsafePointer(to: message) { (message) throws(JSONEncodingError) in
            let record = RecordWriter(M.table, in: arena)
            M.write(UnsafeMutablePointer(mutating: message), into: record)
            // Nothing bounds the depth of a message in memory but the stack.
            arena.state.pointee.levelsLeft = .max
            try body(&self, RecordReader(record.base, in: arena))
        }
    }

    mutating func writeMessage(_ record: RecordReader, _ table: JSONTable) throws(JSONEncodingError) {
        guard record.arena.descend() else { throw JSONEncodingError("messages nest deeper than the stack allows") }
        if let wellKnown = table.wellKnown {
            try write(wellKnown, record, table.fields)
        } else {
            open("{")
            var isFirst = true
            try writeFields(record, table, isFirst: &isFirst)
            close("}", isEmpty: isFirst)
        }
        record.arena.ascend()
    }

    mutating func writeFields(
        _ record: RecordReader, _ table: JSONTable, isFirst: inout Bool
    ) throws(JSONEncodingError) {
        for field in table.fields where isWritten(field, of: record) {
            try write(field, as: options.usesOriginalNames ? field.originalName : field.name, of: record, &isFirst)
        }
        if record.load(at: 8) as UInt32 > 0 { try writeExtensions(record, isFirst: &isFirst) }
    }

    mutating func write(
        _ field: JSONField, as name: JSONField.QuotedName, of record: RecordReader, _ isFirst: inout Bool
    ) throws(JSONEncodingError) {
        startMember(isFirst: &isFirst)
        out.append(name.start, count: name.count)
        if options.indentation != nil { out.append(UInt8(ascii: " ")) }
        do throws(JSONEncodingError) {
            try write(field, of: record)
        } catch {
            throw error.inside(field: field)
        }
    }

    private func isWritten(_ field: JSONField, of record: RecordReader) -> Bool {
        if field.isRepeated || field.isMap {
            return record.load(at: field.offset) as Int > 0 || options.includesDefaultValues
        }
        if field.oneofCase > 0 { return record.oneofCase(at: field.oneofCase) == field.number }
        if field.kind == .message { return record.load(at: field.offset) as Int != 0 }
        return record.load(at: field.hasOffset) as Int32 != 0 || field.isImplicit && options.includesDefaultValues
    }

    private mutating func write(_ field: JSONField, of record: RecordReader) throws(JSONEncodingError) {
        if field.isRepeated {
            try writeList(field, of: record)
        } else if field.isMap {
            try writeMap(field, of: record)
        } else {
            try writeValue(field, at: record.base + field.offset, in: record.arena)
        }
    }

    mutating func writeList(_ field: JSONField, of record: RecordReader) throws(JSONEncodingError) {
        let count: Int = record.load(at: field.offset)
        guard count > 0, let start: UnsafeRawPointer = record.load(at: field.offset + 8) else {
            out.append("[]")
            return
        }
        open("[")
        var isFirst = true
        let size = field.kind.slotSize
        for index in 0..<count {
            startMember(isFirst: &isFirst)
            do throws(JSONEncodingError) {
                try writeValue(field, at: start + index * size, in: record.arena)
            } catch {
                throw error.inside(index: index)
            }
        }
        close("]", isEmpty: false)
    }

    // MARK: Layout

    mutating func open(_ bracket: StaticString) {
        out.append(bracket)
        if let indentation = options.indentation { margin += indentation }
    }

    mutating func close(_ bracket: StaticString, isEmpty: Bool) {
        if let indentation = options.indentation {
            margin -= indentation
            if !isEmpty { startLine() }
        }
        out.append(bracket)
    }

    @inline(__always)
    mutating func startMember(isFirst: inout Bool) {
        if isFirst { isFirst = false } else { out.append(UInt8(ascii: ",")) }
        if options.indentation != nil { startLine() }
    }

    private mutating func startLine() {
        out.append(UInt8(ascii: "\n"))
        out.append(repeating: UInt8(ascii: " "), count: margin)
    }
}
