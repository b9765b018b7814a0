/// Where the fields of a message lie in its record, in bytes from the record's start.
///
/// A record starts with libprotobuf-c's 24-byte base. The 8-byte slots follow, then the 4-byte slots, each in the
/// order of the file, so that nothing needs padding but the end.
struct RecordLayout: Hashable {
    struct Slot: Hashable {
        let offset: Int
        /// Where it says whether the field is present.
        var has: Int?
        /// Where it says which member of the oneof is present.
        var oneofCase: Int?
    }

    let size: Int
    private let slots: [Int32: Slot]

    init(_ message: MessageModel) {
        var end = 24
        func take(_ size: Int) -> Int {
            defer { end += size }
            return end
        }

        var slots: [Int32: Slot] = [:]
        slots.reserveCapacity(message.fields.count)
        for member in message.members {
            switch member {
            case .field(let field):
                if field.slotSize > 4 { slots[field.number] = Slot(offset: take(field.slotSize)) }
            case .oneof(let oneof):
                let union = take(16)
                for field in oneof.fields { slots[field.number] = Slot(offset: union) }
            }
        }
        for member in message.members {
            switch member {
            case .field(let field):
                if field.slotSize == 4 { slots[field.number] = Slot(offset: take(4)) }
                if field.hasPresenceSlot { slots[field.number]?.has = take(4) }
            case .oneof(let oneof):
                let oneofCase = take(4)
                for field in oneof.fields { slots[field.number]?.oneofCase = oneofCase }
            }
        }
        size = (end + 7) / 8 * 8
        self.slots = slots
    }

    subscript(field: FieldModel) -> Slot {
        guard let slot = slots[field.number] else { preconditionFailure("no field \(field.number) in this layout") }
        return slot
    }
}

extension FieldModel {
    fileprivate var slotSize: Int {
        switch cardinality {
        case .repeated, .map: return 16
        case .implicit, .optional, .required: break
        }
        return switch type {
        case .message: 8
        case .enum: 4
        case .scalar(let scalar):
            switch scalar {
            case .string, .bytes: 16
            case .double, .int64, .uint64, .sint64, .fixed64, .sfixed64, .bool: 8
            case .float, .int32, .uint32, .sint32, .fixed32, .sfixed32: 4
            }
        }
    }

    /// A list is absent when empty, a message when its pointer is null.
    fileprivate var hasPresenceSlot: Bool {
        switch cardinality {
        case .repeated, .map: return false
        case .implicit, .optional, .required: break
        }
        if case .message = type { return false }
        return true
    }
}
