import MartletMessages
import Testing

/// The JSON of the messages that have one of their own.
struct JSONWellKnownTests {
    private typealias Proto = GoogleProtobuf

    private func roundTrip<M: GeneratedMessage>(_ message: M, _ json: String) throws {
        #expect(try message.jsonString() == json)
        #expect(try M(jsonString: json) == message)
    }

    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00Z"), (-1, 999_000_000, "1969-12-31T23:59:59.999Z"),
        (951_827_696, 1000, "2000-02-29T12:34:56.000001Z"),
        (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
        (-62_135_596_800, 0, "0001-01-01T00:00:00Z"), (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
        (-2_203_891_200, 0, "1900-03-01T00:00:00Z"),
    ])
    func timestamps(seconds: Int64, nanos: Int32, text: String) throws {
        try roundTrip(Proto.Timestamp(seconds: seconds, nanos: nanos), "\"\(text)\"")
    }

    @Test(arguments: [
        ("1970-01-01T02:00:00+02:00", 0), ("1969-12-31T16:00:00-08:00", 0), ("1970-01-01T00:00:00.5Z", 500_000_000),
        ("1970-01-01T00:00:00.123456789Z", 123_456_789),
    ])
    func timestampsHaveOtherForms(text: String, nanos: Int32) throws {
        #expect(try Proto.Timestamp(jsonString: "\"\(text)\"") == Proto.Timestamp(nanos: nanos))
    }

    @Test(arguments: [
        "0000-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "1970-01-01t00:00:00Z", "1970-01-01T00:00:00z",
        "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "1970-13-01T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z", "1970-1-1T00:00:00Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00ZZ", "",
    ])
    func otherTimesAreRefused(text: String) {
        #expect(throws: JSONDecodingError.self) { try Proto.Timestamp(jsonString: "\"\(text)\"") }
    }

    @Test(arguments: [
        (0, 0, "0s"), (1, 500_000_000, "1.500s"), (0, -1000, "-0.000001s"), (-1, -1, "-1.000000001s"),
        (315_576_000_000, 999_999_999, "315576000000.999999999s"),
    ])
    func durations(seconds: Int64, nanos: Int32, text: String) throws {
        try roundTrip(Proto.Duration(seconds: seconds, nanos: nanos), "\"\(text)\"")
    }

    @Test(arguments: ["1", "s", "1.s", ".5s", "1 s", "+1s", "315576000001s", "--1s", "1.0000000001s", "1S"])
    func otherDurationsAreRefused(text: String) {
        #expect(throws: JSONDecodingError.self) { try Proto.Duration(jsonString: "\"\(text)\"") }
    }

    @Test func timesOutOfRangeAreNotWritten() {
        for timestamp in [
            Proto.Timestamp(seconds: 253_402_300_800), Proto.Timestamp(seconds: -62_135_596_801),
            Proto.Timestamp(nanos: -1),
            Proto.Timestamp(nanos: 1_000_000_000),
        ] {
            #expect(throws: JSONEncodingError.self) { try timestamp.jsonString() }
        }
        for duration in [
            Proto.Duration(seconds: 315_576_000_001), Proto.Duration(seconds: 1, nanos: -1),
            Proto.Duration(seconds: -1, nanos: 1), Proto.Duration(nanos: 1_000_000_000),
        ] {
            #expect(throws: JSONEncodingError.self) { try duration.jsonString() }
        }
    }

    @Test func fieldMasks() throws {
        try roundTrip(Proto.FieldMask(), #""""#)
        try roundTrip(Proto.FieldMask(paths: ["display_name", "a.b_c.d"]), #""displayName,a.bC.d""#)
        for path in ["displayName", "a__b", "a_1", "a_"] {
            #expect(throws: JSONEncodingError.self) { try Proto.FieldMask(paths: [path]).jsonString() }
        }
        #expect(throws: JSONDecodingError.self) { try Proto.FieldMask(jsonString: #""a,b_c""#) }
    }

    @Test func wrappers() throws {
        try roundTrip(Proto.DoubleValue(value: 1.5), "1.5")
        try roundTrip(Proto.Int64Value(value: -1), #""-1""#)
        try roundTrip(Proto.UInt32Value(), "0")
        try roundTrip(Proto.BoolValue(value: true), "true")
        try roundTrip(Proto.StringValue(value: "x"), #""x""#)
        try roundTrip(Proto.BytesValue(value: [0]), #""AA==""#)
        #expect(throws: JSONDecodingError.self) { try Proto.BoolValue(jsonString: "null") }
    }

    @Test func structs() throws {
        let list = Proto.ListValue(values: [
            Proto.Value(kind: .nullValue(.nullValue)), Proto.Value(kind: .numberValue(-1.5)),
            Proto.Value(kind: .boolValue(true)),
        ])
        let message = Proto.Struct(fields: [
            "a": Proto.Value(kind: .listValue(list)), "b": Proto.Value(kind: .stringValue("x")),
            "c": Proto.Value(kind: .structValue(Proto.Struct())),
        ])
        try roundTrip(message, #"{"a":[null,-1.5,true],"b":"x","c":{}}"#)
        try roundTrip(Proto.Value(kind: .nullValue(.nullValue)), "null")
        try roundTrip(Proto.ListValue(), "[]")
        for json in ["1e400", "NaN", "tru", "", #"{"a":1,"a":2}"#] {
            #expect(throws: JSONDecodingError.self) { try Proto.Value(jsonString: json) }
        }
        #expect {
            try Proto.Struct(fields: ["a": Proto.Value(kind: .numberValue(.nan))]).jsonString()
        } throws: {
            ($0 as? JSONEncodingError)?.path == #"["a"]"#
        }
        #expect(throws: JSONEncodingError.self) { try Proto.Value().jsonString() }
    }

    private func any(_ message: some GeneratedMessage) throws -> Proto.AnyMessage {
        Proto.AnyMessage(
            typeUrl: "type.googleapis.com/\(type(of: message).messageName)", value: try message.serialized())
    }

    @Test func anyHoldsTheFieldsOfItsMessage() throws {
        let registry = TypeRegistry(files: [MartletTestingKindsProto.self])
        let message = try any(Leaf(name: "x", number: 1))
        let json = #"{"@type":"type.googleapis.com/martlet.testing.Leaf","name":"x","number":1}"#
        #expect(try message.jsonString(options: JSONEncodingOptions(registry: registry)) == json)
        let options = JSONDecodingOptions(registry: registry)
        #expect(try Proto.AnyMessage(jsonString: json, options: options) == message)
        let typeLast = #"{"name":"x", "number":1, "@type":"type.googleapis.com/martlet.testing.Leaf"}"#
        #expect(try Proto.AnyMessage(jsonString: typeLast, options: options) == message)
        try roundTrip(Proto.AnyMessage(), "{}")
    }

    @Test func anyHoldsOtherFormsAsValue() throws {
        try roundTrip(
            any(Proto.Duration(seconds: 1)), #"{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}"#)
        try roundTrip(
            any(any(Proto.Empty())),
            #"{"@type":"type.googleapis.com/google.protobuf.Any","value":"#
                + #"{"@type":"type.googleapis.com/google.protobuf.Empty"}}"#)
        try roundTrip(
            any(Proto.Value(kind: .nullValue(.nullValue))),
            #"{"@type":"type.googleapis.com/google.protobuf.Value","value":null}"#)
    }

    @Test func anyOfAnUnknownTypeIsRefused() throws {
        let message = try any(Leaf())
        #expect {
            try message.jsonString()
        } throws: {
            ($0 as? JSONEncodingError)?.problem.contains("isn't in the options' registry") == true
        }
        for (json, reason) in [
            (#"{"@type":"type.googleapis.com/martlet.testing.Leaf"}"#, JSONDecodingError.Reason.unknownType),
            (#"{"@type":"Leaf"}"#, .unknownType), (#"{"@type":"type.googleapis.com/"}"#, .unknownType),
            (#"{"name":"x"}"#, .wrongValue), (#"{"@type":1}"#, .wrongValue),
            (#"{"@type":"type.googleapis.com/google.protobuf.Duration"}"#, .wrongValue),
            (#"{"@type":"a/google.protobuf.Empty","@type":"a/google.protobuf.Empty"}"#, .duplicate),
            (#"{"@type":"a/google.protobuf.Duration","value":"1s","value":"1s"}"#, .duplicate),
            (#"{"@type":"a/google.protobuf.Duration","value":"1s","x":1}"#, .unknownField),
        ] {
            #expect {
                try Proto.AnyMessage(jsonString: json)
            } throws: {
                ($0 as? JSONDecodingError)?.reason == reason
            }
        }
    }

    @Test func aBrokenPackedMessageIsNotWritten() {
        let broken = Proto.AnyMessage(typeUrl: "type.googleapis.com/google.protobuf.Duration", value: [0x08])
        #expect(throws: JSONEncodingError.self) { try broken.jsonString() }
    }

    @Test func anyInAnyIsBounded() throws {
        var message = Proto.AnyMessage()
        for _ in 0..<150 { message = try any(message) }
        #expect(throws: JSONEncodingError.self) { try message.jsonString() }
    }
}
