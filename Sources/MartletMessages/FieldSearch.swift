/// Finds the fields of a table by number. Fields mostly come in the order of their numbers, so that the next one is
/// tried first.
struct FieldSearch {
    private let fields: [MessageTable.Field]
    private var next = 0

    init(_ table: MessageTable) { fields = table.fields }

    mutating func index(of number: UInt32) -> Int? {
        if next < fields.count && fields[next].number == number { return next }
        let after = next + 1
        if after < fields.count && fields[after].number == number {
            next = after
            return after
        }
        var (low, high) = (0, fields.count)
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].number < number { low = middle + 1 } else { high = middle }
        }
        guard low < fields.count && fields[low].number == number else { return nil }
        next = low
        return low
    }
}

extension MessageTable.Field {
    /// Whether the record holds a count and a pointer.
    var isList: Bool {
        switch presence {
        case .repeated, .packed, .map: true
        case .implicit, .optional, .required, .oneof: false
        }
    }

    /// Bytes of a value in a record.
    var elementSize: Int {
        switch kind {
        case .scalar(let scalar): entry == nil ? scalar.slotSize : 8
        case .enumeration: entry == nil ? 4 : 8
        case .message, .group: 8
        }
    }
}
