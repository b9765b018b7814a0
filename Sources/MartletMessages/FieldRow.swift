/// One row of a message's table: a field as the schema declares it, and its place in the record.
///
/// `at` is the offset of the field's slot, `has` that of its 32-bit presence flag, `case` that of the 32-bit
/// number saying which member of a oneof is set. All are in bytes; the first 24 belong to libprotobuf-c.
///
///     24-byte base | 8-byte slots | 4-byte slots | padding to a multiple of 8
///
/// A slot takes 16 bytes for strings, byte strings, repeated fields, maps and oneofs, 4 for 32-bit numbers and
/// enums, 8 for all else, bools among them.
///
/// `json` is the field's name in JSON where it isn't the lowerCamelCase of its name.
public struct FieldRow: Sendable {
    enum Presence {
        case implicit, optional, required, repeated, packed
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
    let jsonName: StaticString?

    /// A field without a label in proto3; not for messages.
    public static func implicit(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int, json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .implicit, offset: offset, hasOffset: has, jsonName: json)
    }

    /// A field with explicit presence. Messages have no flag.
    public static func optional(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int = 0,
        json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .optional, offset: offset, hasOffset: has, jsonName: json)
    }

    /// A required field of proto2. Messages have no flag.
    public static func required(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, has: Int = 0,
        json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .required, offset: offset, hasOffset: has, jsonName: json)
    }

    /// A repeated field, each element with a tag of its own. Either form is read.
    public static func repeated(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .repeated, offset: offset, hasOffset: 0, jsonName: json)
    }

    /// A repeated field of numbers, bools or enums that is written packed. Either form is read.
    public static func packed(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .packed, offset: offset, hasOffset: 0, jsonName: json)
    }

    /// A map: on the wire a repeated field of messages with a key (1) and a value (2).
    public static func map(
        _ key: FieldType, _ value: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int,
        json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: value, presence: .map(key: key), offset: offset, hasOffset: 0,
            jsonName: json)
    }

    /// A member of a oneof; `oneofCase` is the same for all its members.
    public static func oneof(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, at offset: Int, case oneofCase: Int,
        json: StaticString? = nil
    ) -> FieldRow {
        FieldRow(
            name: name, number: number, type: type, presence: .oneof(case: oneofCase), offset: offset, hasOffset: 0,
            jsonName: json)
    }
}
