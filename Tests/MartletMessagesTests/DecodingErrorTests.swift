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

    private static func invalidUTF8(_ message: String, _ field: String) -> DecodingError {
        DecodingError(.invalidUTF8, message: "martlet.testing.\(message)", field: field)
    }

    private static func missing(_ message: String, _ field: String) -> DecodingError {
        DecodingError(.missingRequiredField, message: "martlet.testing.two.\(message)", field: field)
    }

    static let invalidStrings = [
        Case(Implicit.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Implicit", "a_string")),
        Case(Explicit.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Explicit", "a_string")),
        Case(Unpacked.self, Wire.bytes(notUTF8, field: 15), invalidUTF8("Unpacked", "strings")),
        Case(Choice.self, Wire.bytes(notUTF8, field: 14), invalidUTF8("Choice", "a_string")),
        Case(Choice.self, Wire.bytes(notUTF8, field: 101), invalidUTF8("Choice", "note")),
        Case(
            Explicit.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 17), invalidUTF8("Leaf", "name")),
        Case(
            Explicit.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 19), invalidUTF8("imported.Place", "name")),
        Case(Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 12), invalidUTF8("Maps", "by_string")),
        Case(Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 2), field: 12), invalidUTF8("Maps", "by_string")),
        Case(Maps.self, Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 14), invalidUTF8("Maps", "to_color")),
        Case(
            Maps.self, Wire.bytes(Wire.bytes(Wire.bytes(notUTF8, field: 1), field: 2), field: 15),
            invalidUTF8("Leaf", "name")),
        // Overlong, a surrogate, beyond Unicode, and cut short.
        Case(Numbers.self, Wire.bytes([0xC0, 0x80], field: 1), invalidUTF8("Numbers", "s")),
        Case(Numbers.self, Wire.bytes([0xED, 0xA0, 0x80], field: 1), invalidUTF8("Numbers", "s")),
        Case(Numbers.self, Wire.bytes([0xF4, 0x90, 0x80, 0x80], field: 1), invalidUTF8("Numbers", "s")),
        Case(Numbers.self, Wire.bytes([0xF0, 0x9F, 0x90], field: 1), invalidUTF8("Numbers", "s")),
    ]

    private static let inner = Wire.bytes(Wire.bytes([], field: 1), field: 3)
    private static let numberAndText = Wire.varint(1, field: 1) + Wire.bytes([], field: 2)

    static let missingFields = [
        Case(Two.self, [], missing("Two", "number")),
        Case(Two.self, Wire.varint(1, field: 1), missing("Two", "text")),
        Case(Two.self, numberAndText, missing("Two", "inner")),
        Case(Two.self, numberAndText + Wire.bytes([], field: 3), missing("Inner", "name")),
        Case(Two.self, numberAndText + inner, missing("Two", "flag")),
        Case(Two.self, numberAndText + inner + Wire.varint(1, field: 4), missing("Two", "size")),
    ]

    @Test(arguments: invalidStrings + missingFields)
    func namesMessageAndField(_ wrong: Case) {
        #expect(throws: wrong.error) { try wrong.type.init(serialized: wrong.bytes) }
    }

    static let malformed: [[UInt8]] = [
        [0x00],  // field number 0
        [0x80, 0x00],  // the same, written longer
        [0x08],  // a value is missing
        [0x08, 0x80],  // a varint ends early
        [0x08] + Array(repeating: 0xFF, count: 10) + [0x01],  // a varint of 11 bytes
        [0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01],  // a tag of 6 bytes
        [0xF8, 0xFF, 0xFF, 0xFF, 0x7F, 0x01],  // a field number above 536870911
        [0x72, 0x05, 0x61],  // a length past the end
        [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],  // a length of 4 GiB
        [0x72, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],  // a length of 6 bytes
        [0x09, 0, 0, 0],  // 64 bits cut short
        [0x15, 0, 0, 0],  // 32 bits cut short
        [0x0E, 0x00], [0x0F, 0x00],  // wire types that don't exist
        [0x0C],  // the end of a group that never began
    ]

    @Test(arguments: malformed)
    func malformedBytesNameTheMessage(_ bytes: [UInt8]) {
        #expect(throws: DecodingError(.malformed, message: "martlet.testing.Implicit")) {
            try Implicit(serialized: bytes)
        }
    }

    @Test(arguments: [[0x80, 0x00], [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]] as [[UInt8]])
    func longVarintsOfSmallNumbersAreRead(_ varint: [UInt8]) throws {
        #expect(try Implicit(serialized: [0x18] + varint).anInt32 == Int32(varint[0] & 0x7F))
    }
}
