/// The messages whose JSON isn't an object of their fields
/// (https://protobuf.dev/programming-guides/json/).
enum WellKnownType: BitwiseCopyable {
    case any, duration, fieldMask, listValue, structure, timestamp, value, wrapper

    init?(_ messageName: String) {
        switch messageName {
        case "google.protobuf.Any": self = .any
        case "google.protobuf.Duration": self = .duration
        case "google.protobuf.FieldMask": self = .fieldMask
        case "google.protobuf.ListValue": self = .listValue
        case "google.protobuf.Struct": self = .structure
        case "google.protobuf.Timestamp": self = .timestamp
        case "google.protobuf.Value": self = .value
        case "google.protobuf.BoolValue", "google.protobuf.BytesValue", "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue", "google.protobuf.Int32Value", "google.protobuf.Int64Value",
            "google.protobuf.StringValue", "google.protobuf.UInt32Value", "google.protobuf.UInt64Value":
            self = .wrapper
        default: return nil
        }
    }
}
