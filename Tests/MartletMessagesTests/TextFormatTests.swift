import MartletMessages
import Testing

/// Protobuf's text format.
struct TextFormatTests {
    @Test func linesAreIndented() {
        let message = Tree(
            label: "x", child: Tree(label: "y", child: Tree()), children: [Tree(), Tree(label: "z")],
            named: ["b": Tree(), "a": Tree(label: "w")], branch: Tree.Branch(side: .left))
        #expect(
            message.textFormat() == """
                label: "x"
                child {
                  label: "y"
                  child {
                  }
                }
                children {
                }
                children {
                  label: "z"
                }
                named {
                  key: "a"
                  value {
                    label: "w"
                  }
                }
                named {
                  key: "b"
                  value {
                  }
                }
                branch {
                  side: SIDE_LEFT
                }

                """)
        #expect(message.debugDescription == message.textFormat())
        #expect(
            "\(message)" == """
                label: "x" child { label: "y" child { } } children { } children { label: "z" } named { key: "a" \
                value { label: "w" } } named { key: "b" value { } } branch { side: SIDE_LEFT }
                """)
    }

    @Test func everyKindHasItsForm() {
        let message = Implicit(
            aDouble: 1.5, aFloat: .infinity, anInt32: -1, anInt64: .min, aUint32: .max, aUint64: .max, aBool: true,
            aString: "a\"'\\\n\t\r\0é", someBytes: [0x61, 0xC3, 0xA9, 0], color: .infrared, unit: .unrecognized(7))
        #expect(
            message.description == #"""
                a_double: 1.5 a_float: inf an_int32: -1 an_int64: -9223372036854775808 a_uint32: 4294967295 a_uint64: \#
                18446744073709551615 a_bool: true a_string: "a\"\'\\\n\t\r\000é" some_bytes: "a\303\251\000" \#
                color: COLOR_INFRARED unit: 7
                """#)
        #expect(
            Packed(doubles: [.nan, -.infinity, 1e20], bools: [false]).description
                == "doubles: nan doubles: -inf doubles: 1e+20 bools: false")
        #expect(Explicit(anInt32: 0, aString: "").description == #"an_int32: 0 a_string: """#)
        #expect(Choice(value: .leaf(Leaf())).description == "leaf { }")
    }

    @Test func unknownFieldsHaveNumbers() throws {
        let bytes: [UInt8] = [
            0x08, 0x96, 0x01, 0x15, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0, 0x2A, 3, 0x61, 0x62, 0xFF, 0x32, 2, 0x08,
            0x05,
            0x42, 0,
        ]
        let message = try Nothing(serialized: bytes)
        #expect(
            message.description
                == #"1: 150 2: 0x00000001 4: 0x0000000000000002 5: "ab\377" 6 { 1: 5 } 8: """#)
    }

    @Test func anyIsExpandedWhereItsTypeIsKnown() throws {
        let leaf = GoogleProtobuf.AnyMessage(
            typeUrl: "type.googleapis.com/martlet.testing.Leaf", value: try Leaf(name: "x").serialized())
        #expect(leaf.description == #"type_url: "type.googleapis.com/martlet.testing.Leaf" value: "\n\001x""#)
        let options = TextFormatOptions(isOneLine: true, registry: TypeRegistry(files: [MartletTestingKindsProto.self]))
        #expect(leaf.textFormat(options: options) == #"[type.googleapis.com/martlet.testing.Leaf] { name: "x" }"#)
        let status = GoogleRPC.Status(code: 5, details: [leaf])
        #expect(
            status.textFormat(options: options)
                == #"code: 5 details { [type.googleapis.com/martlet.testing.Leaf] { name: "x" } }"#)
    }

    @Test func anUnreadableAnyStaysAsItIs() {
        let broken = GoogleProtobuf.AnyMessage(typeUrl: "a/google.protobuf.Duration", value: [0x08])
        #expect(broken.description == #"type_url: "a/google.protobuf.Duration" value: "\010""#)
    }

    @Test func aFieldMayBeCalledDescription() {
        let violation = GoogleRPC.BadRequest.FieldViolation(field: "email", description: "is empty")
        #expect(violation.description == "is empty")
        #expect("\(violation)" == #"field: "email" description: "is empty""#)
        #expect(violation.debugDescription == "field: \"email\"\ndescription: \"is empty\"\n")
    }

    @Test func anyInAnyIsBounded() throws {
        var message = GoogleProtobuf.AnyMessage()
        for _ in 0..<50 {
            message = GoogleProtobuf.AnyMessage(typeUrl: "a/google.protobuf.Any", value: try message.serialized())
        }
        #expect(message.description.split(separator: "[a/google.protobuf.Any]").count == 20)
    }
}
