internal import MartletCore
internal import Synchronization

/// Finds what belongs to a method, without a lock: entries are added and never taken out.
final class MethodTable<Entry: AnyObject & Sendable>: Sendable {
    private final class Node: Sendable {
        let method: MethodDescriptor
        let entry: Entry
        let next = OnceReference<Node>()

        init(_ method: MethodDescriptor, _ entry: Entry) {
            self.method = method
            self.entry = entry
        }

        func isOf(_ other: MethodDescriptor) -> Bool { method.name == other.name && method.service == other.service }
    }

    private let limit: Int
    private let makeEntry: @Sendable (MethodDescriptor?) -> Entry
    private let count = Atomic(0)
    private let buckets = InlineArray<64, OnceReference<Node>> { _ in OnceReference() }
    private let other = OnceReference<Entry>()

    /// - Parameters:
    ///   - limit: Methods beyond so many share one entry.
    ///   - makeEntry: Makes a method's entry, and that of all others for nil. Two that come at once may both ask for an
    ///     entry, and one is dropped.
    init(limit: Int, makeEntry: @escaping @Sendable (MethodDescriptor?) -> Entry) {
        self.limit = limit
        self.makeEntry = makeEntry
    }

    /// The entry of a method. Nil: of all others.
    func entry(of method: MethodDescriptor?) -> Entry {
        guard let method else { return other.load() ?? other.storeIfNil(makeEntry(nil)) }
        let bucket = bucket(of: method)
        guard var node = buckets[bucket].load() else {
            guard let new = makeNode(method) else { return entry(of: nil) }
            let first = buckets[bucket].storeIfNil(new)
            return first.isOf(method) ? first.entry : entry(of: method, after: first)
        }
        if node.isOf(method) { return node.entry }
        while let next = node.next.load() {
            if next.isOf(method) { return next.entry }
            node = next
        }
        return entry(of: method, after: node)
    }

    /// By a few bytes of the name, since `Hasher` takes 500 instructions for it and the service's. Which methods there
    /// are isn't for a client to choose.
    private func bucket(of method: MethodDescriptor) -> Int {
        let name = method.name.utf8
        return (name.count &* 31 &+ Int(name.first ?? 0) &* 7 &+ Int(name.last ?? 0)) & (buckets.count - 1)
    }

    /// Adds a method at the end of a bucket.
    private func entry(of method: MethodDescriptor, after last: Node) -> Entry {
        guard let new = makeNode(method) else { return entry(of: nil) }
        var last = last
        while true {
            // Somebody may have been quicker, maybe with the same method.
            last = last.next.storeIfNil(new)
            if last.isOf(method) { return last.entry }
        }
    }

    /// Nil beyond the limit.
    private func makeNode(_ method: MethodDescriptor) -> Node? {
        guard count.load(ordering: .relaxed) < limit else { return nil }
        count.add(1, ordering: .relaxed)
        return Node(method, makeEntry(method))
    }
}
