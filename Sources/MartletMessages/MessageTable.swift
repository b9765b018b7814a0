/// The table of one message: what libprotobuf-c needs to know of it, and the names for errors.
///
/// A handle to memory that is never freed and, once built, never changed; thus unchecked.
@frozen
public struct MessageTable: @unchecked Sendable {
    @usableFromInline let header: UnsafePointer<Header>

    @usableFromInline
    struct Header {
        /// A `ProtobufCMessageDescriptor`.
        @usableFromInline let descriptor: UnsafeRawPointer
        /// Bytes of a record.
        @usableFromInline let size: Int
        /// Bytes that copies of a record's own strings may need.
        @usableFromInline let room: Int
        let name: String
        let fields: [Field]
    }

    struct Field {
        let name: String
        let number: UInt32
        let offset: Int
        /// The offset of the oneof's case, for members of a oneof.
        let oneofCase: Int?
        /// The table of a map's entries.
        let entry: MessageTable?
    }

    static let largestFieldNumber: UInt32 = 536_870_911

    @inlinable @inline(__always)
    init(_ header: UnsafePointer<Header>) { self.header = header }

    @inlinable @inline(__always)
    var descriptor: UnsafeRawPointer { header.pointee.descriptor }

    @inlinable @inline(__always)
    var size: Int { header.pointee.size }

    @inlinable @inline(__always)
    var room: Int { header.pointee.room }

    @usableFromInline var name: String { header.pointee.name }
    var fields: [Field] { header.pointee.fields }
}

/// One message's name and rows, from which its table is built.
public struct MessageRows: Sendable {
    let name: StaticString
    let fields: [FieldRow]

    /// `name` is the full protobuf name, such as `users.v1.User`.
    public static func message(_ name: StaticString, _ fields: [FieldRow]) -> MessageRows {
        MessageRows(name: name, fields: fields)
    }
}
