/// The view of a message made by the generator.
///
/// Conformances are written by the generator, not by hand: accessors read at offsets that must agree with the rows of
/// the message's table.
public protocol GeneratedView: MessageView, ~Copyable where ViewedMessage: GeneratedMessage {
    /// For generated code.
    init(_record: ViewRecord)

    /// For generated code. It must not outlive the view.
    var _record: ViewRecord { get }
}

extension GeneratedView where Self: ~Copyable {
    @inlinable
    public init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {
        let storage = ViewStorage()
        let record = try storage.arena.unpack(bytes, as: ViewedMessage.table, limits: limits)
        self.init(_record: ViewRecord(record.base, owner: storage))
    }

    @inlinable
    public static func withView<R>(
        serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits, _ body: (borrowing Self) throws -> R
    ) throws -> R {
        let arena = Arena.take()
        defer { arena.giveBack() }
        let record = try arena.unpack(bytes, as: ViewedMessage.table, limits: limits)
        return try body(Self(_record: ViewRecord(record.base, owner: nil)))
    }

    /// Fields that the schema doesn't name, as they came.
    public var unknownFields: UnknownFields {
        get throws(DecodingError) {
            try _record.read { (record) throws(DecodingError) in try record.unknownFields() }
        }
    }
}

extension GeneratedMessage {
    /// The Swift value of what a view shows.
    @inlinable
    public init<View: GeneratedView & ~Copyable>(
        _ view: borrowing View
    ) throws(DecodingError) where View.ViewedMessage == Self {
        self = try view._record.read { (record) throws(DecodingError) in try Self(reading: record) }
    }
}

extension Arena {
    /// Starts a count of nested messages.
    @usableFromInline
    func allowLevels(_ depth: Int) {
        state.pointee.depthLimit = depth
        state.pointee.levelsLeft = depth
    }
}

/// The memory of a view that owns its content.
@usableFromInline
final class ViewStorage {
    @usableFromInline let arena: Arena

    @usableFromInline
    init() { arena = Arena.makeOwned() }

    deinit { arena.deallocate() }
}
