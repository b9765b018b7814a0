/// A field's type, by its name in `.proto` files.
public struct FieldType: Sendable {
    enum Kind {
        case scalar(ScalarType)
        case enumeration(any GeneratedEnum.Type)
        case message(MessageReference)
        /// A message between a start and an end tag.
        case group(MessageReference)
    }

    enum MessageReference {
        /// A message of another file.
        case imported(any GeneratedMessage.Type)
        /// A message of the same file, by its full name: its table is still being built.
        case local(StaticString)
    }

    let kind: Kind

    /// 8 bytes: IEEE 754.
    public static var double: FieldType { FieldType(kind: .scalar(.double)) }
    /// 4 bytes: IEEE 754.
    public static var float: FieldType { FieldType(kind: .scalar(.float)) }
    /// A varint; negative numbers take 10 bytes.
    public static var int32: FieldType { FieldType(kind: .scalar(.int32)) }
    /// A varint; negative numbers take 10 bytes.
    public static var int64: FieldType { FieldType(kind: .scalar(.int64)) }
    /// A varint.
    public static var uint32: FieldType { FieldType(kind: .scalar(.uint32)) }
    /// A varint.
    public static var uint64: FieldType { FieldType(kind: .scalar(.uint64)) }
    /// A varint in zigzag form, short for small numbers of either sign.
    public static var sint32: FieldType { FieldType(kind: .scalar(.sint32)) }
    /// A varint in zigzag form, short for small numbers of either sign.
    public static var sint64: FieldType { FieldType(kind: .scalar(.sint64)) }
    /// 4 bytes.
    public static var fixed32: FieldType { FieldType(kind: .scalar(.fixed32)) }
    /// 8 bytes.
    public static var fixed64: FieldType { FieldType(kind: .scalar(.fixed64)) }
    /// 4 bytes.
    public static var sfixed32: FieldType { FieldType(kind: .scalar(.sfixed32)) }
    /// 8 bytes.
    public static var sfixed64: FieldType { FieldType(kind: .scalar(.sfixed64)) }
    /// A varint: 0 or 1.
    public static var bool: FieldType { FieldType(kind: .scalar(.bool)) }
    /// A length and as many bytes of UTF-8.
    public static var string: FieldType { FieldType(kind: .scalar(.string)) }
    /// A length and as many bytes.
    public static var bytes: FieldType { FieldType(kind: .scalar(.bytes)) }

    /// A varint: the number of one of its cases, or of none.
    public static func `enum`(_ type: any GeneratedEnum.Type) -> FieldType { FieldType(kind: .enumeration(type)) }

    /// A message of another file.
    public static func message(_ type: any GeneratedMessage.Type) -> FieldType {
        FieldType(kind: .message(.imported(type)))
    }

    /// A message of the same file, by its full name.
    public static func message(_ name: StaticString) -> FieldType { FieldType(kind: .message(.local(name))) }

    /// A group whose message is of another file.
    public static func group(_ type: any GeneratedMessage.Type) -> FieldType {
        FieldType(kind: .group(.imported(type)))
    }

    /// A group whose message is of the same file, by its full name.
    public static func group(_ name: StaticString) -> FieldType { FieldType(kind: .group(.local(name))) }
}

/// The types that are neither messages nor enums.
enum ScalarType {
    case int32, sint32, sfixed32, int64, sint64, sfixed64, uint32, fixed32, uint64, fixed64, float, double
    /// 64 bits in the record: libprotobuf-c's own bool accepts every wire type.
    case bool
    /// Bytes in the record: libprotobuf-c's own string ends at a NUL.
    case string
    case bytes

    /// The bytes of a slot in the record.
    var slotSize: Int {
        switch self {
        case .int32, .sint32, .sfixed32, .uint32, .fixed32, .float: 4
        case .int64, .sint64, .sfixed64, .uint64, .fixed64, .double, .bool: 8
        case .string, .bytes: 16
        }
    }
}
