/// A message type made by the generator: what generated code tells the runtime about itself.
///
/// Conformances are written by the generator, not by hand: offsets in `init(reading:)` and `write(_:into:)` must
/// agree with the rows of `table`.
public protocol GeneratedMessage: JSONMessage, FieldValue, TextOutputStreamable, CustomStringConvertible,
    CustomDebugStringConvertible
{
    /// The rows of the message's fields, made when it is first asked for.
    static var table: MessageTable { get }

    /// Fields that the schema doesn't name, as they came; they are written back.
    var unknownFields: UnknownFields { get set }

    /// Reads a record that has the layout of ``table``.
    init(reading record: RecordReader) throws(DecodingError)

    /// Fills a record. `message` is mutable only so that nested messages can be reached where they are
    /// (`&message.pointee.child`); nothing is changed.
    static func write(_ message: UnsafeMutablePointer<Self>, into record: RecordWriter)
}

extension GeneratedMessage {
    public static var messageName: String { table.name }

    @inlinable
    public func withSerialized<R>(
        _ body: (_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> R
    ) throws(EncodingError) -> R {
        let arena = Arena.take()
        defer { arena.giveBack() }
        let record = RecordWriter(Self.table, in: arena)
        return try withUnsafePointer(to: self) { (message) throws(EncodingError) -> R in
            Self.write(UnsafeMutablePointer(mutating: message), into: record)
            let size = try record.packedSize()
            return body(size) { record.pack(into: $0) }
        }
    }
}
