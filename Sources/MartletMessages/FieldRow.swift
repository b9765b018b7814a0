/// One row of a message's table: a field as the schema declares it, and its place in the record.
///
/// `at` is the offset of the field's slot, `has` that of its 32-bit presence flag, `case` that of the 32-bit
/// number saying which member of a oneof is set. All are in bytes; the first 24 belong to libprotobuf-c.
///
///     24-byte base | 8-byte slots | 4-byte slots | padding to a multiple of 8
///
/// A slot takes 16 bytes for strings, byte strings, repeated fields, maps and oneofs, 4 for 32-bit numbers and
/// enums, 8 for all else, bools among them.
public struct FieldRow: Sendable {
    enum Presence {
        case optional, repeated, packed
        case oneof(case: Int)
        case map(key: FieldType)
    }

    let name: StaticString
    let number: UInt32
    let type: FieldType
    let presence: Presence
    let offset: Int
    /// 0 for fields that have no flag.
    let hasOffset: Int

    /// A field without a label in proto3; not for messages.
    public static func implicit(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: type, presence: .optional, offset: offset, hasOffset: has)
    }

    /// A field with explicit presence. Messages have no flag.
    public static func optional(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int = 0
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: type, presence: .optional, offset: offset, hasOffset: has)
    }

    /// A required field of proto2. Messages have no flag.
    public static func required(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int = 0
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: type, presence: .optional, offset: offset, hasOffset: has)
    }

    public static func repeated(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: type, presence: .repeated, offset: offset, hasOffset: 0)
    }

    /// A repeated field of numbers, bools or enums that is written packed. Either form is read.
    public static func packed(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: type, presence: .packed, offset: offset, hasOffset: 0)
    }

    public static func map(
        _ key: FieldType, _ value: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int
    ) -> FieldRow {
        FieldRow(name: name, number: number, type: value, presence: .map(key: key), offset: offset, hasOffset: 0)
    }

    public static func oneof(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, case oneofCase: Int
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .oneof(case: oneofCase), offset: offset, hasOffset: 0)
    }
}

/// A field's type, by its name in `.proto` files.
public struct FieldType: Sendable {
    enum Kind {
        case scalar(Scalar)
        /// A message of another file.
        case imported(any GeneratedMessage.Type)
        /// A message of the same file, by its full name.
        case local(StaticString)
    }

    /// What a record holds, with libprotobuf-c's numbers for it.
    enum Scalar: UInt32 {
        case int32 = 0
        case sint32, sfixed32, int64, sint64, sfixed64, uint32, fixed32, uint64, fixed64, float, double
        case enumeration = 13
        case bytes = 15
    }

    let kind: Kind

    public static var double: FieldType { FieldType(kind: .scalar(.double)) }
    public static var float: FieldType { FieldType(kind: .scalar(.float)) }
    public static var int32: FieldType { FieldType(kind: .scalar(.int32)) }
    public static var int64: FieldType { FieldType(kind: .scalar(.int64)) }
    public static var uint32: FieldType { FieldType(kind: .scalar(.uint32)) }
    public static var uint64: FieldType { FieldType(kind: .scalar(.uint64)) }
    public static var sint32: FieldType { FieldType(kind: .scalar(.sint32)) }
    public static var sint64: FieldType { FieldType(kind: .scalar(.sint64)) }
    public static var fixed32: FieldType { FieldType(kind: .scalar(.fixed32)) }
    public static var fixed64: FieldType { FieldType(kind: .scalar(.fixed64)) }
    public static var sfixed32: FieldType { FieldType(kind: .scalar(.sfixed32)) }
    public static var sfixed64: FieldType { FieldType(kind: .scalar(.sfixed64)) }
    /// 64 bits in the record: libprotobuf-c's own bool accepts every wire type.
    public static var bool: FieldType { FieldType(kind: .scalar(.uint64)) }
    /// Bytes in the record: libprotobuf-c's own string ends at a NUL.
    public static var string: FieldType { FieldType(kind: .scalar(.bytes)) }
    public static var bytes: FieldType { FieldType(kind: .scalar(.bytes)) }
    public static var `enum`: FieldType { FieldType(kind: .scalar(.enumeration)) }
    /// A message of another file.
    public static func message(_ type: any GeneratedMessage.Type) -> FieldType { FieldType(kind: .imported(type)) }
    /// A message of the same file, by its full name.
    public static func message(_ name: StaticString) -> FieldType { FieldType(kind: .local(name)) }
}
