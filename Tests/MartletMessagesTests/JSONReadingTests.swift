import MartletMessages
import Testing

/// Protobuf's JSON, into messages.
struct JSONReadingTests {
    @Test(arguments: KindCase.all)
    func whatIsWrittenComesBack(_ kind: KindCase) throws {
        func check<M: GeneratedMessage>(_ message: M) throws {
            #expect(try M(jsonString: message.jsonString()) == message)
            #expect(try M(jsonBytes: message.jsonBytes(options: .pretty)) == message)
            let numbers = JSONEncodingOptions(usesOriginalNames: true, writesEnumsAsNumbers: true)
            #expect(try M(jsonString: message.jsonString(options: numbers)) == message)
        }
        try check(kind.message)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("12", 12), (#""12""#, 12), ("-2147483648", -2_147_483_648), ("1.0", 1), ("1e3", 1000),
        ("1.50E+1", 15), ("100e-2", 1), (#""1e1""#, 10), ("2147483647.000", 2_147_483_647), ("0e999999999999", 0),
        ("1000000000000000000000000000000e-30", 1), ("0.00000000000000000000001e23", 1), (#""\u0031""#, 1),
    ])
    func wholeNumbersHaveManyForms(json: String, value: Int32) throws {
        #expect(try Leaf(jsonString: #"{"number":\#(json)}"#).number == value)
    }

    @Test(arguments: [
        "2147483648", "-2147483649", "0.5", "1e-1", "1e10", "1e999999999999999999999", "01", "+1", ".5", "1.", "1e",
        "- 1", "0x1", "NaN", #"" 1""#, #""1 ""#, #""""#, #""1a""#, "true", "[]", "{}", "1.00000000000000000000000001",
        "99999999999999999999999999999",
    ])
    func otherNumbersAreRefused(json: String) {
        #expect(throws: JSONDecodingError.self) { try Leaf(jsonString: #"{"number":\#(json)}"#) }
    }

    @Test func sixtyFourBitsAreExact() throws {
        let message = try Implicit(
            jsonString: """
                {"anInt64": -9223372036854775808, "aUint64": 18446744073709551615.0, "aSint64": "9223372036854775807"}
                """)
        #expect(message == Implicit(anInt64: .min, aUint64: .max, aSint64: .max))
        for json in [#"{"anInt64":9223372036854775808}"#, #"{"aUint64":18446744073709551616}"#, #"{"aUint64":-1}"#] {
            #expect(throws: JSONDecodingError.self) { try Implicit(jsonString: json) }
        }
    }

    @Test(arguments: [
        ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23), ("-1.7976931348623157e308", -1.7976931348623157e308),
        ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0), (#""2.5""#, 2.5), (#""Infinity""#, .infinity),
        (#""-Infinity""#, -.infinity),
        ("123456789012345678901234567890", 1.2345678901234568e29), ("-0", -0.0),
        ("9007199254740993", 9_007_199_254_740_992),
    ])
    func doublesAreNearest(json: String, value: Double) throws {
        let read = try Packed(jsonString: #"{"doubles":[\#(json)]}"#).doubles
        #expect(read.map(\.bitPattern) == [value.bitPattern])
    }

    @Test func floatsHaveTheirOwnRange() throws {
        #expect(
            try Packed(jsonString: #"{"floats":[0.1,3.4028235e38,"NaN",16777217]}"#).floats.prefix(2) == [
                0.1, 3.4028235e38,
            ])
        #expect(throws: JSONDecodingError.self) { try Packed(jsonString: #"{"floats":[3.5e38]}"#) }
        #expect(throws: JSONDecodingError.self) { try Packed(jsonString: #"{"doubles":[1.8e308]}"#) }
        #expect(throws: JSONDecodingError.self) { try Packed(jsonString: #"{"doubles":["inf"]}"#) }
    }

    @Test func hugeNumbersCostNoMoreThanTheirText() throws {
        let digits = String(repeating: "9", count: 200_000)
        #expect(throws: JSONDecodingError.self) { try Leaf(jsonString: #"{"number":\#(digits)}"#) }
        #expect(throws: JSONDecodingError.self) { try Leaf(jsonString: #"{"number":1e\#(digits)}"#) }
        #expect(try Packed(jsonString: #"{"doubles":[0.\#(digits)]}"#).doubles == [1])
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\/\"\\\b\f\n\r\t""#, "a/\"\\\u{8}\u{c}\n\r\t"), (#""\u00e9\ud83d\udc26x""#, "é🐦x"),
        (#""日本""#, "日本"), (#""\u0000""#, "\0"),
    ])
    func stringsAreRead(json: String, value: String) throws {
        #expect(try Leaf(jsonString: #"{"name":\#(json)}"#).name == value)
    }

    @Test(arguments: [
        #""\ud83d""#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\udc26""#, #""\U0041""#, #""\u00g0""#, #""\u12""#, #""\x""#,
        "\"a\nb\"", "\"a", #""a\"#, #""a\""#, "'a'", "1", "a",
    ])
    func otherStringsAreRefused(json: String) {
        #expect(throws: JSONDecodingError.self) { try Leaf(jsonString: #"{"name":\#(json)}"#) }
    }

    @Test func textThatIsNotUTF8IsRefused() {
        let bytes = Array(#"{"name":"é"#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect {
            try Leaf(jsonBytes: bytes)
        } throws: {
            ($0 as? JSONDecodingError)?.column == 12
        }
    }

    @Test(arguments: [
        ("AQL_-w==", [1, 2, 255, 251] as [UInt8]), ("AQL/+w", [1, 2, 255, 251]), ("", []), ("AA==", [0]),
        ("AAA", [0, 0]),
    ])
    func bytesAreBase64(text: String, value: [UInt8]) throws {
        #expect(try Implicit(jsonString: #"{"someBytes":"\#(text)"}"#).someBytes == value)
    }

    @Test(arguments: ["A", "A===", "AA=", "AAAA=", "A!==", "=", "AA==AA"])
    func otherBase64IsRefused(text: String) {
        #expect(throws: JSONDecodingError.self) { try Implicit(jsonString: #"{"someBytes":"\#(text)"}"#) }
    }

    @Test func largeBytesComeBack() throws {
        let message = Implicit(someBytes: (0..<50_001).map { UInt8(truncatingIfNeeded: $0) })
        #expect(try Implicit(jsonString: message.jsonString()) == message)
    }

    @Test func namesAreThoseOfJSONOrTheSchema() throws {
        #expect(try Implicit(jsonString: #"{"an_int32":1,"aUint32":2}"#) == Implicit(anInt32: 1, aUint32: 2))
        #expect(try Implicit(jsonString: "{\"an\\u005fint32\":1}") == Implicit(anInt32: 1))
    }

    @Test func nullIsAbsence() throws {
        #expect(try Explicit(jsonString: #"{"aDouble":null,"leaf":null}"#) == Explicit())
        #expect(try Unpacked(jsonString: #"{"strings":null}"#) == Unpacked())
        #expect(try Maps(jsonString: #"{"byInt32":null}"#) == Maps())
        #expect(try Choice(jsonString: #"{"aString":null,"anInt32":1}"#) == Choice(value: .anInt32(1)))
    }

    @Test(arguments: [
        "", " ", "null", "[]", "{", "}", #"{"label":"x""#, #"{"label":"x",}"#, #"{,}"#, #"{"label"}"#, #"{"label":}"#,
        #"{label:"x"}"#, #"{"label":"x"}}"#, #"{"label":"x"} x"#, #"{"label":"x" "children":[]}"#,
        #"{"children":[{},]}"#,
        #"{"children":[,{}]}"#, #"{"children":[{} {}]}"#, #"{"children":[null]}"#, #"{"children":{}}"#,
        #"{"named":{"a":null}}"#, #"{"named":[]}"#, #"{"child":[]}"#, #"{"child":"x"}"#, "\u{FEFF}{}",
    ])
    func brokenTextIsRefused(json: String) {
        #expect(throws: JSONDecodingError.self) { try Tree(jsonString: json) }
    }

    @Test(arguments: [
        (#"{"label":"x","label":"y"}"#), #"{"label":"x","label":null}"#, #"{"children":[],"children":[]}"#,
        #"{"named":{"a":{},"\u0061":{}}}"#, #"{"child":{},"child":{}}"#,
    ])
    func duplicatesAreRefused(json: String) {
        #expect {
            try Tree(jsonString: json)
        } throws: {
            ($0 as? JSONDecodingError)?.reason == .duplicate
        }
    }

    /// Few keys and many are compared in different ways.
    @Test(arguments: [1, 7, 8, 9, 10, 100])
    func everyKeyOfAMapComesOnce(count: Int) throws {
        let keys = (0..<count).map { "\"\($0)\":\($0)" }
        let numbers = keys.joined(separator: ",")
        #expect(try Maps(jsonString: "{\"byUint32\":{\(numbers)}}").byUint32.count == count)
        for key in [0, count / 2, count - 1] {
            #expect {
                try Maps(jsonString: "{\"byUint32\":{\(numbers),\"\(key)\":1}}")
            } throws: {
                ($0 as? JSONDecodingError)?.reason == .duplicate
            }
            #expect(throws: JSONDecodingError.self) {
                try Maps(
                    jsonString:
                        "{\"toLeaf\":{\((0..<count).map { "\"\($0)\":{}" }.joined(separator: ",")),\"\(key)\":{}}}")
            }
        }
    }

    @Test func onlyOneMemberOfAOneofMayCome() {
        #expect {
            try Choice(jsonString: #"{"anInt32":1,"note":"x","aString":"y"}"#)
        } throws: {
            ($0 as? JSONDecodingError)?.description
                == """
                cannot read martlet.testing.Choice from JSON: line 1, column 35, aString: another field of the same \
                oneof has come before: only one may be set
                """
        }
    }

    @Test func mapsHaveTypedKeys() throws {
        let json = #"{"byInt32":{"-1":1,"1e1":2},"byBool":{"true":false},"byUint64":{"18446744073709551615":"1"}}"#
        #expect(
            try Maps(jsonString: json) == Maps(byInt32: [-1: 1, 10: 2], byUint64: [.max: 1], byBool: [true: false]))
        for json in [
            #"{"byInt32":{"x":1}}"#, #"{"byInt32":{"2147483648":1}}"#, #"{"byInt32":{1:1}}"#, #"{"byBool":{"1":true}}"#,
            #"{"byUint32":{"-1":1}}"#, #"{"byInt32":{"1":1,"1.0":2}}"#,
        ] {
            #expect(throws: JSONDecodingError.self) { try Maps(jsonString: json) }
        }
    }

    @Test func enumsAreNamesOrNumbers() throws {
        #expect(
            try Packed(jsonString: #"{"colors":["COLOR_RED",2,-1,99]}"#).colors
                == [.red, .green, .infrared, .unrecognized(99)])
        for json in [#"["NO_COLOR"]"#, #"["1"]"#, "[1.5]", "[true]", "[3000000000]"] {
            #expect(throws: JSONDecodingError.self) { try Packed(jsonString: #"{"colors":\#(json)}"#) }
        }
    }

    @Test func unknownFieldsAreRefusedOrIgnored() throws {
        let json = #"{"x":{"y":[1,"\u0041",null,{"z":true}]},"number":1,"":-1.5e3}"#
        #expect {
            try Leaf(jsonString: json)
        } throws: {
            ($0 as? JSONDecodingError)?.reason == .unknownField
        }
        let ignoring = JSONDecodingOptions(ignoresUnknownFields: true)
        #expect(try Leaf(jsonString: json, options: ignoring) == Leaf(number: 1))
        #expect(try Implicit(jsonString: #"{"color":"NEW","anInt32":1}"#, options: ignoring) == Implicit(anInt32: 1))
        #expect(try Packed(jsonString: #"{"colors":["NEW",1]}"#, options: ignoring).colors == [.red])
        #expect(
            try Maps(jsonString: #"{"toColor":{"a":"NEW","b":1}}"#, options: ignoring).toColor == ["b": .red])
        for json in [#"{"x":tru}"#, #"{"x":[1,]}"#, #"{"x":{"y"}}"#, #"{"x":01}"#, #"{"x":"\q"}"#] {
            #expect(throws: JSONDecodingError.self) { try Leaf(jsonString: json, options: ignoring) }
        }
    }

    @Test func errorsSayWhereAndWhat() {
        func description(_ json: String) -> String {
            do throws(JSONDecodingError) {
                _ = try Tree(jsonString: json)
                return ""
            } catch {
                return error.description
            }
        }
        let prefix = "cannot read martlet.testing.Tree from JSON: "
        #expect(
            description("{\n  \"children\": [{}, {\"named\":\n   {\"a b\": {\"label\": 1}}}]}")
                == prefix
                + #"line 3, column 22, children[1].named["a b"].label: expected a string in double quotes, found a number"#
        )
        #expect(
            description(#"{"branch":{"side":"UP"}}"#)
                == prefix + #"line 1, column 19, branch.side: martlet.testing.Tree.Branch.Side has no value named "UP""#
        )
        #expect(
            description("{") == prefix + "line 1, column 2: expected a name in double quotes, found the end of the text"
        )
        #expect(
            description(#"{"child":{"lable":"x"}}"#)
                == prefix + #"line 1, column 11, child: no field is named "lable": correct the name, or let "#
                + "JSONDecodingOptions ignore unknown fields")
    }

    @Test func requiredFieldsMustCome() throws {
        let json = #"{"number":0,"text":"","inner":{"name":""},"flag":false,"size":"SIZE_LARGE"}"#
        #expect(try Two(jsonString: json) == Two(inner: Inner(name: ""), size: .large))
        #expect {
            try Two(jsonString: #"{"number":0,"text":"","inner":{},"flag":false,"size":1}"#)
        } throws: { error in
            let error = error as? JSONDecodingError
            return error?.reason == .missingRequiredField && error?.path == "inner.name" && error?.column == 31
        }
    }

    @Test func depthIsBounded() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: #"{"child":"#, count: levels - 1) + "{}" + String(repeating: "}", count: levels - 1)
        }
        #expect(throws: Never.self) { try Tree(jsonString: nested(100)) }
        for levels in [101, 100_000] {
            #expect {
                try Tree(jsonString: nested(levels))
            } throws: {
                ($0 as? JSONDecodingError)?.reason == .tooDeep
            }
        }
        let arrays = String(repeating: "[", count: 100_000)
        #expect {
            try Tree(jsonString: #"{"x":\#(arrays)"#, options: JSONDecodingOptions(ignoresUnknownFields: true))
        } throws: {
            ($0 as? JSONDecodingError)?.reason == .tooDeep
        }
    }

    @Test(arguments: [64, 128, 512], [10, 100, 100_000])
    func noStackIsOverrun(kibibytes: Int, levels: Int) async throws {
        let ignoring = JSONDecodingOptions(ignoresUnknownFields: true)
        for (open, close) in [
            (#"{"child":"#, "}"), (#"{"children":["#, "]}"), (#"{"named":{"a":"#, "}}"), (#"{"x":"#, "}"),
            (#"{"branch":{"tree":"#, "}}"),
        ] {
            let json = String(repeating: open, count: levels) + "{}" + String(repeating: close, count: levels)
            let result = await onThread(kibibytes) { () throws(JSONDecodingError) in
                try Tree(jsonString: json, options: ignoring)
            }
            switch result {
            case .success: #expect(levels < 100)
            case .failure(let error): #expect(error.reason == .tooDeep && (levels > 10 || kibibytes < 512))
            }
        }
    }

    @Test func memoryIsBounded() {
        let json = #"{"children":["# + Array(repeating: "{}", count: 100_000).joined(separator: ",") + "]}"
        let options = JSONDecodingOptions(limits: DecodingLimits(memory: 1 << 20))
        #expect {
            try Tree(jsonString: json, options: options)
        } throws: {
            ($0 as? JSONDecodingError)?.reason == .overBudget
        }
    }
}
