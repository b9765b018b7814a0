internal import Synchronization

/// What JSON needs to know of a message, made from its ``MessageTable`` when it is first used.
///
/// A handle to memory that is never freed and, once built, never changed; thus unchecked.
struct JSONTable: @unchecked Sendable {
    private let storage: UnsafePointer<Storage>

    private struct Storage {
        let fields: UnsafeBufferPointer<JSONField>
        let wellKnown: WellKnownType?
        let hasRequired: Bool
        /// Where names are found: indices of fields, -1 for none, at the places that hashes of their names tell.
        let slots: UnsafeBufferPointer<Int32>
    }

    /// In the order of their numbers.
    var fields: UnsafeBufferPointer<JSONField> { storage.pointee.fields }
    /// Nil for messages without a form of their own in JSON.
    var wellKnown: WellKnownType? { storage.pointee.wellKnown }
    var hasRequired: Bool { storage.pointee.hasRequired }

    fileprivate init(_ table: MessageTable) {
        let fields = table.fields.map { JSONField($0) }
        let memory = UnsafeMutableBufferPointer<JSONField>.allocate(capacity: fields.count)
        _ = memory.initialize(from: fields)
        let storage = UnsafeMutablePointer<Storage>.allocate(capacity: 1)
        storage.initialize(
            to: Storage(
                fields: UnsafeBufferPointer(memory), wellKnown: WellKnownType(table.name),
                hasRequired: fields.contains(where: \.isRequired), slots: Self.slots(for: fields)))
        self.storage = UnsafePointer(storage)
    }

    private static func slots(for fields: [JSONField]) -> UnsafeBufferPointer<Int32> {
        var size = 8
        while size < 4 * fields.count { size *= 2 }
        let slots = UnsafeMutableBufferPointer<Int32>.allocate(capacity: size)
        slots.initialize(repeating: -1)
        for (index, field) in fields.enumerated() {
            for name in [field.name.span, field.originalName.span] {
                var slot = name.hash & (size - 1)
                while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
                slots[slot] = Int32(index)
            }
        }
        return UnsafeBufferPointer(slots)
    }

    /// The index of the field of that name, in JSON or in the `.proto` file. `guess` is the index to try first.
    @inline(__always)
    func index(of name: ByteSpan, guess: Int) -> Int? {
        if guess < fields.count, fields[guess].name.span.hasSameBytes(as: name) { return guess }
        return index(of: name)
    }

    private func index(of name: ByteSpan) -> Int? {
        let slots = storage.pointee.slots
        var slot = name.hash & (slots.count - 1)
        while slots[slot] >= 0 {
            let field = fields[Int(slots[slot])]
            if field.name.span.hasSameBytes(as: name) || field.originalName.span.hasSameBytes(as: name) {
                return Int(slots[slot])
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }
}

extension MessageTable {
    /// Room for the address of the message's ``JSONTable``, until there is one.
    typealias JSONCell = Atomic<UnsafeRawPointer?>

    private static let building = Mutex(())

    static func makeJSONCell() -> UnsafeMutablePointer<JSONCell> {
        let cell = UnsafeMutablePointer<JSONCell>.allocate(capacity: 1)
        cell.initialize(to: JSONCell(nil))
        return cell
    }

    var json: JSONTable {
        let cell = header.pointee.json
        if let table = cell.pointee.load(ordering: .acquiring) { return unsafeBitCast(table, to: JSONTable.self) }
        return Self.building.withLock { _ in
            if let table = cell.pointee.load(ordering: .acquiring) { return unsafeBitCast(table, to: JSONTable.self) }
            let table = JSONTable(self)
            cell.pointee.store(unsafeBitCast(table, to: UnsafeRawPointer.self), ordering: .releasing)
            return table
        }
    }
}

extension ByteSpan {
    @inline(__always)
    func hasSameBytes(as other: ByteSpan) -> Bool {
        guard count == other.count else { return false }
        guard count > 0, let start, let otherStart = other.start else { return true }
        return compareBytes(start, otherStart, count)
    }

    /// Cheap, and no more: what it finds is always compared, in a table that only schemas fill.
    fileprivate var hash: Int {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int(hash)
    }
}

@inline(__always)
private func compareBytes(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
    var index = 0
    while index &+ 8 <= count {
        if a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            != b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        {
            return false
        }
        index &+= 8
    }
    while index < count {
        if a.load(fromByteOffset: index, as: UInt8.self) != b.load(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        index &+= 1
    }
    return true
}
