internal import Synchronization

/// How often the slow way was taken, over all threads.
package enum MessageStatistics {
    private static let exactParses = Atomic(0)

    /// Messages that libprotobuf-c couldn't read, or not as other implementations do, so that `RecordParser` did.
    package static var fallbackParses: Int { exactParses.load(ordering: .relaxed) }

    static func countFallbackParse() { exactParses.add(1, ordering: .relaxed) }
}
