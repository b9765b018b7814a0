/// Streams that this side has reset, of which the peer may not know yet. Once they are too many to be kept, all up to the
/// last of them are taken for such.
struct ResetStreams {
    private var ids: [UInt32] = []
    private var forgotten: UInt32 = 0

    private static let capacity = 64

    mutating func insert(_ id: UInt32) {
        if ids.count == Self.capacity {
            forgotten = max(forgotten, ids.max() ?? 0)
            ids.removeAll(keepingCapacity: true)
        }
        ids.append(id)
    }

    func contains(_ id: UInt32) -> Bool { id <= forgotten || ids.contains(id) }
}
