/// The protobuf types that are neither messages nor enums.
enum Scalar: String, CaseIterable {
    case double, float, int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32, sfixed64
    case bool, string, bytes

    var swiftType: String {
        switch self {
        case .double: "Swift.Double"
        case .float: "Swift.Float"
        case .int32, .sint32, .sfixed32: "Swift.Int32"
        case .int64, .sint64, .sfixed64: "Swift.Int64"
        case .uint32, .fixed32: "Swift.UInt32"
        case .uint64, .fixed64: "Swift.UInt64"
        case .bool: "Swift.Bool"
        case .string: "Swift.String"
        case .bytes: "[Swift.UInt8]"
        }
    }

    /// The value of an absent field, as Swift spells it.
    var zero: String {
        switch self {
        case .bool: "false"
        case .string: "\"\""
        case .bytes: "[]"
        default: "0"
        }
    }

    /// The kinds whose bytes follow a length, which can't be packed.
    var isLengthDelimited: Bool { self == .string || self == .bytes }
}
