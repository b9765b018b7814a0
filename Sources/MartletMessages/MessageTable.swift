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
        /// The record of a message without fields, which is only ever read.
        @usableFromInline let emptyRecord: UnsafeRawPointer
        let name: String
        let form: MessageRows.Form
        let fields: [Field]
        let json: UnsafeMutablePointer<JSONCell>
    }

    /// A field, as code that walks over records needs to know it.
    struct Field {
        enum Presence {
            /// Absent and zero are the same.
            case implicit
            case optional, required
            case repeated, packed
            case map
            case oneof
        }

        enum Kind {
            case scalar(ScalarType)
            case enumeration(EnumTable)
            case message(MessageTable)
            case group(MessageTable)
        }

        let name: String
        let jsonName: String
        let number: UInt32
        let presence: Presence
        /// The type of a value; of a map's values for a map.
        let kind: Kind
        let offset: Int
        /// The offset of the presence flag; 0 for fields without one.
        let hasOffset: Int
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

    @inlinable @inline(__always)
    var emptyRecord: UnsafeRawPointer { header.pointee.emptyRecord }

    @usableFromInline var name: String { header.pointee.name }
    var fields: [Field] { header.pointee.fields }
    var form: MessageRows.Form { header.pointee.form }
}

/// One message's name and rows, from which its table is built.
public struct MessageRows: Sendable {
    enum Form {
        case ordinary
        /// A message whose extensions are written as items (`option message_set_wire_format`).
        case messageSet
        /// No message, but a single extension.
        case extensionField
    }

    let name: StaticString
    let form: Form
    let fields: [FieldRow]

    /// `name` is the full protobuf name, such as `users.v1.User`.
    public static func message(_ name: StaticString, _ fields: [FieldRow]) -> MessageRows {
        MessageRows(name: name, form: .ordinary, fields: fields)
    }

    /// A message with `option message_set_wire_format`, which has no fields. `name` is the full protobuf name.
    public static func messageSet(_ name: StaticString) -> MessageRows {
        MessageRows(name: name, form: .messageSet, fields: [])
    }
}
