extension GeneratedMessage {
    /// Replaces the fields of a mask by those of another message, as an update call does: lists, maps and messages as
    /// a whole, and fields that the other message lacks are cleared. Throws where the mask has a path that is no
    /// field of the message.
    public mutating func update(_ mask: GoogleProtobuf.FieldMask, from other: Self) throws(FieldMaskError) {
        self = try Self.copying(mask, from: other, over: self)
    }

    /// A message with the fields of a mask only. Throws where the mask has a path that is no field of the message, or
    /// leaves out a required one.
    public func trimmed(to mask: GoogleProtobuf.FieldMask) throws(FieldMaskError) -> Self {
        try Self.copying(mask, from: self, over: nil)
    }

    private static func copying(
        _ mask: GoogleProtobuf.FieldMask, from source: Self, over target: Self?
    ) throws(FieldMaskError) -> Self {
        let arena = Arena.take()
        defer { arena.giveBack() }
        arena.state.pointee.levelsLeft = .max
        // The records borrow from the messages.
        defer { withExtendedLifetime((source, target)) {} }
        let from = record(of: source, in: arena)
        let to = target.map { record(of: $0, in: arena) } ?? RecordWriter(table, in: arena)
        for path in mask.paths {
            guard let fields = table.fields(along: path) else {
                throw FieldMaskError(
                    path: path, problem: "\(messageName) has no such field: paths name fields as the .proto file does")
            }
            copy(fields[...], from: UnsafeRawPointer(from.base), to: to)
        }
        do throws(DecodingError) {
            return try Self(reading: RecordReader(to.base, in: arena))
        } catch {
            throw FieldMaskError(path: error.field ?? "", problem: "\(error)")
        }
    }

    private static func record(of message: Self, in arena: Arena) -> RecordWriter {
        let record = RecordWriter(table, in: arena)
        withUnsafePointer(to: message) { write(UnsafeMutablePointer(mutating: $0), into: record) }
        return record
    }
}

/// Copies the last of the fields; those before it are messages, which are made where the target lacks them.
private func copy(_ fields: ArraySlice<MessageTable.Field>, from: UnsafeRawPointer, to: RecordWriter) {
    guard let field = fields.first else { return }
    guard fields.count > 1, let table = field.singularMessage else {
        field.copySlots(from: from, to: to)
        return
    }
    let inner = field.message(in: from) ?? table.emptyRecord
    let target: RecordWriter
    if let record = field.message(in: to.base) {
        target = RecordWriter(UnsafeMutableRawPointer(mutating: record), in: to.arena)
    } else {
        target = RecordWriter(table, in: to.arena)
        to.store(target.base, at: field.offset)
        if let oneofCase = field.oneofCase { to.store(field.number, at: oneofCase) }
    }
    copy(fields.dropFirst(), from: inner, to: target)
}

extension MessageTable.Field {
    fileprivate func message(in record: UnsafeRawPointer) -> UnsafeRawPointer? {
        if let oneofCase, record.load(fromByteOffset: oneofCase, as: UInt32.self) != number { return nil }
        return record.load(fromByteOffset: offset, as: UnsafeRawPointer?.self)
    }

    fileprivate func copySlots(from record: UnsafeRawPointer, to target: RecordWriter) {
        func copy(_ size: Int, at offset: Int) {
            (target.base + offset).copyMemory(from: record + offset, byteCount: size)
        }
        if let oneofCase {
            let (old, new) = (
                target.base.load(fromByteOffset: oneofCase, as: UInt32.self),
                record.load(fromByteOffset: oneofCase, as: UInt32.self)
            )
            // Clears this field, and no other member of the oneof.
            if new == number {
                copy(16, at: offset)
                target.store(number, at: oneofCase)
            } else if old == number {
                target.store(0 as UInt32, at: oneofCase)
            }
            return
        }
        switch presence {
        case .repeated, .packed, .map: copy(16, at: offset)
        default: copy(slotSize, at: offset)
        }
        if hasOffset > 0 { copy(4, at: hasOffset) }
    }

    private var slotSize: Int {
        switch kind {
        case .scalar(let scalar): scalar.slotSize
        case .enumeration: 4
        case .message, .group: 8
        }
    }
}

/// Why a field mask doesn't fit a message.
public struct FieldMaskError: Error, Hashable, CustomStringConvertible {
    /// As the mask has it.
    public let path: String
    /// What is wrong with it.
    public let problem: String

    public var description: String { "the field mask's path \"\(path)\" doesn't fit: \(problem)" }
}
