import MartletMessages
import Testing

/// Errors tell the kinds apart and name what is wrong.
struct DecodingErrorTests {
    private static let notUTF8: [UInt8] = [0x61, 0xFF]

    struct Case: Sendable, CustomStringConvertible {
        let type: any GeneratedMessage.Type
        let bytes: [UInt8]
        let error: DecodingError

        init(_ type: any GeneratedMessage.Type, _ bytes: [UInt8], _ error: DecodingError) {
            self.type = type
            self.bytes = bytes
            self.error = error
        }

        var description: String { "\(error.message).\(error.field ?? "")" }
    }

    private static func invalidUTF8(_ message: String, _ field: String, _ offset: Int) -> DecodingError {
        DecodingError(.invalidUTF8, message: "martlet.testing.\(message)", field: field, offset: offset)
    }

    private static func missing(_ field: String) -> DecodingError {
        DecodingError(.missingRequiredField, message: "martlet.testing.two.Two", field: field)
    }

    static let invalidStrings = [
        Case(Implicit.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Implicit", "a_string", 3)),
        Case(Explicit.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Explicit", "a_string", 3)),
        Case(
            Unpacked.self, Wire.bytes([], field: 15) + Wire.bytes(notUTF8, field: 15),
            invalidUTF8("Unpacked", "strings[1]", 5)),
        Case(Choice.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Choice", "a_string", 3)),
        Case(Choice.self, Wire.bytes(notUTF8, field: 101), invalidUTF8("Choice", "note", 4)),
        Case(
            Explicit.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 17),
            invalidUTF8("Explicit", "leaf.name", 6)),
        Case(
            Explicit.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 19),
            invalidUTF8("Explicit", "place.name", 6)),
        Case(
            Unpacked.self, Wire.bytes([], field: 17) + Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 17),
            invalidUTF8("Unpacked", "leaves[1].name", 9)),
        Case(
            Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 12), invalidUTF8("Maps", "by_string", 5)),
        Case(
            Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 2), field: 12), invalidUTF8("Maps", "by_string", 5)),
        Case(
            Maps.self, Wire.bytes(Wire.bytes([0x6B], field: 1) + Wire.bytes(notUTF8, field: 2), field: 12),
            invalidUTF8("Maps", "by_string[\"k\"]", 8)),
        Case(
            Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 14), invalidUTF8("Maps", "to_color", 5)),
        Case(
            Maps.self, Wire.bytes(Wire.bytes([], field: 1) + nestedLeaf, field: 15),
            invalidUTF8("Maps", "to_leaf[\"\"].name", 9)),
        // Overlong, a surrogate, beyond Unicode, and cut short.
        Case(Numbers.self, Wire.bytes([0xC0, 0x80], field: 1), invalidUTF8("Numbers", "s", 2)),
        Case(Numbers.self, Wire.bytes([0xED, 0xA0, 0x80], field: 1), invalidUTF8("Numbers", "s", 2)),
        Case(Numbers.self, Wire.bytes([0xF4, 0x90, 0x80, 0x80], field: 1), invalidUTF8("Numbers", "s", 2)),
        Case(Numbers.self, Wire.bytes([0xF0, 0x9F, 0x90], field: 1), invalidUTF8("Numbers", "s", 2)),
        // Not only what stays at the end is checked.
        Case(
            Numbers.self, Wire.bytes(notUTF8, field: 1) + Wire.bytes([0x61], field: 1), invalidUTF8("Numbers", "s", 3)),
        Case(
            Choice.self, Wire.bytes(notUTF8, field: 14) + Wire.varint(1, field: 3),
            invalidUTF8("Choice", "a_string", 3)),
    ]

    private static let nestedLeaf = Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 2)
    private static let inner = Wire.bytes(Wire.bytes([], field: 1), field: 3)
    private static let numberAndText = Wire.varint(1, field: 1) + Wire.bytes([], field: 2)
    private static let required =
        numberAndText + inner + Wire.varint(1, field: 4) + Wire.varint(1, field: 5)

    static let missingFields = [
        Case(Two.self, [], missing("number")),
        Case(Two.self, Wire.varint(1, field: 1), missing("text")),
        Case(Two.self, numberAndText, missing("inner")),
        Case(Two.self, numberAndText + Wire.bytes([], field: 3), missing("inner.name")),
        Case(Two.self, numberAndText + inner, missing("flag")),
        Case(Two.self, numberAndText + inner + Wire.varint(1, field: 4), missing("size")),
        Case(
            Two.self, required + Wire.bytes(Wire.bytes([], field: 1), field: 10) + Wire.bytes([], field: 10),
            missing("inners[1].name")),
        Case(Two.self, required + Wire.bytes([], field: 11), missing("other.name")),
        // The entry has no value, which then is an empty message.
        Case(Two.self, required + Wire.bytes([], field: 12), missing("by_name[\"\"].name")),
    ]

    @Test(arguments: invalidStrings + missingFields)
    func namesMessageAndField(_ wrong: Case) {
        #expect(throws: wrong.error) { try wrong.type.init(serialized: wrong.bytes) }
    }

    @Test func theLastLevelIsNamedToo() {
        let inner = Wire.bytes([], field: 10)
        #expect(throws: Self.missing("inners[0].name")) {
            try Two(serialized: Self.required + inner, limits: DecodingLimits(depth: 2))
        }
    }

    /// A required field that comes with a later copy of its message isn't missing.
    @Test func copiesOfAMessageCompleteOneAnother() throws {
        let bytes = Self.numberAndText + Wire.bytes([], field: 3) + Wire.varint(1, field: 4) + Wire.varint(1, field: 5)
        #expect(try Two(serialized: bytes + Self.inner).inner == Inner())
    }

    struct Malformed: Sendable {
        let bytes: [UInt8]
        let text: String

        init(_ bytes: [UInt8], _ text: String) {
            self.bytes = bytes
            self.text = "cannot decode martlet.testing.Implicit at \(text)"
        }
    }

    private static let fieldNumber = "a field number is 0 or above 536870911"
    private static let cutShort = "the bytes end in the middle of a field"
    private static let varint = "a number takes more bytes than protobuf allows"

    static let malformed = [
        Malformed([0x00], "byte 0: \(fieldNumber)"),
        Malformed([0x18, 0x01, 0x80, 0x00], "byte 2: \(fieldNumber)"),
        Malformed([0xF8, 0xFF, 0xFF, 0xFF, 0x7F, 0x01], "byte 0: \(fieldNumber)"),
        Malformed([0x18], "an_int32, byte 1: \(cutShort)"),
        Malformed([0x18, 0x80], "an_int32, byte 1: \(cutShort)"),
        Malformed([0x18] + Array(repeating: 0xFF, count: 10) + [0x01], "an_int32, byte 1: \(varint)"),
        Malformed([0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], "byte 0: \(varint)"),
        Malformed([0x72, 0x05, 0x61], "a_string, byte 1: \(cutShort)"),
        Malformed(
            [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            "a_string, byte 1: a length passes protobuf's limit of 2147483647 bytes"),
        Malformed([0x72, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "a_string, byte 1: \(varint)"),
        Malformed([0x09, 0, 0, 0], "a_double, byte 1: \(cutShort)"),
        Malformed([0x15, 0, 0, 0], "a_float, byte 1: \(cutShort)"),
        Malformed([0x0E, 0x00], "byte 0: wire types 6 and 7 don't exist"),
        Malformed([0x0F, 0x00], "byte 0: wire types 6 and 7 don't exist"),
        Malformed([0x0C], "byte 0: a group ends that did not begin"),
        Malformed([0xA3, 0x01, 0xAC, 0x01], "byte 2: a group ends that did not begin"),
        Malformed([0xA3, 0x01, 0x08, 0x01], "byte 4: the group does not end"),
    ]

    @Test(arguments: malformed)
    func malformedBytesAreLocated(_ wrong: Malformed) throws {
        let error = try #require(throws: DecodingError.self) { try Implicit(serialized: wrong.bytes) }
        #expect("\(error)" == wrong.text)
    }

    /// Strings are searched for bytes beyond ASCII several bytes at a time.
    @Test func wrongBytesAreFoundAnywhere() throws {
        for count in 1...20 {
            for position in 0..<count {
                var text = [UInt8](repeating: 0x61, count: count)
                text[position] = 0xFF
                let error = #expect(throws: DecodingError.self, "byte \(position) of \(count)") {
                    try Numbers(serialized: Wire.bytes(text, field: 1))
                }
                #expect(error?.reason == .invalidUTF8)
            }
        }
    }

    @Test func packedListsOfFixedSizeAreWhole() throws {
        let error = try #require(throws: DecodingError.self) {
            try Packed(serialized: Wire.bytes([1, 2, 3, 4, 5], field: 9))
        }
        #expect(
            "\(error)" == """
                cannot decode martlet.testing.Packed at fixed32s[0], byte 2: \
                the length of the packed field is no multiple of its elements' size
                """)
    }

    @Test func textsSayWhatIsWrong() {
        let texts = [
            DecodingError(.invalidUTF8, message: "a.B", field: "c[2].d", offset: 7):
                "cannot decode a.B at c[2].d, byte 7: the string is not valid UTF-8",
            DecodingError(.missingRequiredField, message: "a.B", field: "c.d"):
                "cannot decode a.B at c.d: the required field is missing",
            DecodingError(.tooDeep(limit: 100), message: "a.B"):
                "cannot decode a.B: messages nest deeper than the limit of 100 levels",
            DecodingError(.overBudget(limit: 64), message: "a.B", offset: 0):
                "cannot decode a.B at byte 0: it would use more than the limit of 64 bytes of memory",
        ]
        for (error, text) in texts { #expect("\(error)" == text) }
    }

    @Test(arguments: [[0x80, 0x00], [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]] as [[UInt8]])
    func longVarintsOfSmallNumbersAreRead(_ varint: [UInt8]) throws {
        #expect(try Implicit(serialized: [0x18] + varint).anInt32 == Int32(varint[0] & 0x7F))
    }
}
