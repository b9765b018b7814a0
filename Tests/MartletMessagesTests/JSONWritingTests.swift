import MartletMessages
import Testing

/// Protobuf's canonical JSON, from messages.
struct JSONWritingTests {
    @Test func implicitFieldsAreLeftOutAtTheirDefaults() throws {
        #expect(try Implicit().jsonString() == "{}")
        #expect(try Implicit(aDouble: -0.0).jsonString() == #"{"aDouble":-0}"#)
    }

    @Test func everyKindHasItsForm() throws {
        let message = Implicit(
            aDouble: 1.5, aFloat: 0.1, anInt32: -1, anInt64: .min, aUint32: .max, aUint64: .max, aBool: true,
            aString: "a\"b", someBytes: [1, 2, 255, 0], color: .infrared, unit: .unrecognized(7))
        let expected =
            #"{"aDouble":1.5,"aFloat":0.1,"anInt32":-1,"anInt64":"-9223372036854775808","aUint32":4294967295,"#
            + #""aUint64":"18446744073709551615","aBool":true,"aString":"a\"b","someBytes":"AQL/AA==","#
            + #""color":"COLOR_INFRARED","unit":7}"#
        #expect(try message.jsonString() == expected)
        #expect(try message.jsonBytes() == Array(expected.utf8))
    }

    @Test func explicitFieldsAreThereAtTheirDefaults() throws {
        let message = Explicit(anInt32: 0, aString: "", color: .unspecified, leaf: Leaf(), nothing: Nothing())
        #expect(
            try message.jsonString()
                == #"{"anInt32":0,"aString":"","color":"COLOR_UNSPECIFIED","leaf":{},"nothing":{}}"#)
    }

    @Test(arguments: [
        (1.0, "1"), (-2.5, "-2.5"), (1e15, "1000000000000000"), (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
        (.infinity, #""Infinity""#), (-.infinity, #""-Infinity""#), (.nan, #""NaN""#),
    ])
    func doublesAreShortest(number: Double, text: String) throws {
        #expect(try Packed(doubles: [number]).jsonString() == #"{"doubles":[\#(text)]}"#)
    }

    @Test(arguments: [
        ("", ""), ("\u{8}\t\n\u{c}\r", #"\b\t\n\f\r"#), ("\0\u{1f}", #"\u0000\u001f"#), ("/\u{7f}é🐦", "/\u{7f}é🐦"),
        (#"seven b\"#, #"seven b\\"#), ("0123456789\"", #"0123456789\""#),
    ])
    func stringsAreEscaped(text: String, json: String) throws {
        #expect(try Leaf(name: text + "x").jsonString() == #"{"name":"\#(json)x"}"#)
    }

    @Test func mapsAreSortedByKey() throws {
        let message = Maps(
            byInt32: [10: 1, -1: 2, 9: 3], byBool: [true: false, false: true], byString: ["b": "", "a": "x"])
        #expect(
            try message.jsonString()
                == #"{"byInt32":{"-1":2,"9":3,"10":1},"byBool":{"false":true,"true":false},"byString":{"a":"x","b":""}}"#
        )
    }

    @Test func optionsChangeTheForm() throws {
        let message = Explicit(aString: "x", color: .green, place: Place(floor: 1))
        #expect(
            try message.jsonString(options: JSONEncodingOptions(usesOriginalNames: true, writesEnumsAsNumbers: true))
                == #"{"a_string":"x","color":2,"place":{"floor":1}}"#)
        #expect(
            try Tree(label: "x").jsonString(options: JSONEncodingOptions(includesDefaultValues: true))
                == #"{"label":"x","children":[],"named":{}}"#)
        #expect(
            try Leaf().jsonString(options: JSONEncodingOptions(includesDefaultValues: true))
                == #"{"name":"","number":0}"#)
    }

    @Test func prettyJSONIsIndented() throws {
        let message = Tree(label: "x", children: [Tree(), Tree(label: "y")], named: ["a": Tree(label: "z")])
        #expect(
            try message.jsonString(options: .pretty) == """
                {
                  "label": "x",
                  "children": [
                    {},
                    {
                      "label": "y"
                    }
                  ],
                  "named": {
                    "a": {
                      "label": "z"
                    }
                  }
                }
                """)
    }

    @Test func unknownFieldsAreLeftOut() throws {
        let message = try Older(serialized: Explicit(aDouble: 1, anInt32: 3).serialized())
        #expect(!message.unknownFields.isEmpty)
        #expect(try message.jsonString() == #"{"anInt32":3}"#)
    }

    @Test func aLongTextGrowsTheOutput() throws {
        let text = String(repeating: "\u{1}é", count: 10_000)
        let json = try Leaf(name: text).jsonString()
        #expect(json == #"{"name":"\#(String(repeating: #"\u0001é"#, count: 10_000))"}"#)
        #expect(try Leaf(jsonString: json).name == text)
    }
}
