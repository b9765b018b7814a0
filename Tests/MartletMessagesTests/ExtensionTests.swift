import MartletMessages
import Testing

/// Extensions live among the unknown fields and are read and set by constants like these, as the generator makes them.
struct ExtensionTests {
    private let empty = Two(inner: Inner())

    @Test func everyKindIsReadBack() throws {
        var two = empty
        two[.note] = String(repeating: "x", count: 100)
        two[.counts] = [1, -1, 300]
        two[.words] = ["", "ż"]
        two[Where.of] = attic
        two[Where.visited] = [attic, .init()]
        two[.hue] = .red
        #expect(two[.note] == String(repeating: "x", count: 100))
        #expect(two[.counts] == [1, -1, 300])
        #expect(two[.words] == ["", "ż"])
        #expect(two[Where.of]?.floor == 3)
        #expect(two[Where.visited] == [attic, .init()])
        #expect(two[.hue] == .red)
        let copy = try Two(serialized: two.serialized())
        #expect(copy == two)
        #expect(copy[Where.visited].count == 2)
    }

    @Test func absentOnesHaveTheirDefault() {
        #expect(empty[.note] == nil)
        #expect(empty[defaulting: .note] == "none")
        #expect(empty[.counts] == [])
        #expect(empty[Where.of] == nil)
        #expect(!empty.hasExtension(.note))
        #expect(empty[defaulting: .hue] == .green)
    }

    @Test func settingReplacesAndNilRemoves() throws {
        var two = empty
        two[.note] = "first"
        two[.counts] = [1]
        two[.note] = ""
        #expect(two.hasExtension(.note))
        #expect(two.unknownFields.bytes == Wire.bytes([1], field: 101) + Wire.bytes([], field: 100))
        two[.note] = nil
        two[.counts] = []
        #expect(two.unknownFields.isEmpty)
        two[defaulting: Where.of].floor += 2
        #expect(two[Where.of]?.floor == 2)
    }

    /// As every reader has to (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
    @Test func repeatedBytesMerge() throws {
        let floor = Wire.bytes(Wire.varint(6, field: 2), field: 103)
        let name = Wire.bytes(Wire.bytes([0x61], field: 1), field: 103)
        let two = try Two(
            serialized: empty.serialized() + floor + Wire.varint(1, field: 101) + name + Wire.bytes([2, 3], field: 101)
                + Wire.bytes([0x62], field: 100) + Wire.bytes([0x63], field: 100))
        #expect(two[Where.of]?.floor == 3)
        #expect(two[Where.of]?.name == "a")
        #expect(two[.counts] == [1, 2, 3])
        #expect(two[.note] == "c")
    }

    @Test func bytesOfAnotherTypeAreToldApart() throws {
        let two = try Two(serialized: empty.serialized() + Wire.bytes([0xFF], field: 100))
        #expect(two[.note] == nil)
        #expect(
            throws: DecodingError(
                .invalidUTF8, message: "martlet.testing.two.Two", field: "[martlet.testing.two.extra]")
        ) {
            try two.extensionValue(.note)
        }
    }

    @Test func jsonAndTextHaveTheirNames() throws {
        var two = empty
        two[.note] = "x"
        two[.counts] = [1, -1]
        two[Where.of] = attic
        two[Where.visited] = [attic]
        two[.hue] = .red
        let registry = TypeRegistry([], extensions: [note, counts, words, hue, Where.of, Where.visited])
        let json = try two.jsonString(options: JSONEncodingOptions(usesOriginalNames: true, registry: registry))
        #expect(
            json.hasSuffix(
                #""[martlet.testing.two.extra]":"x","[martlet.testing.two.counts]":[1,-1],"#
                    + #""[two.of]":{"name":"attic","floor":3},"[two.visited]":[{"name":"attic","floor":3}],"#
                    + #""[martlet.testing.two.hue]":"COLOR_RED"}"#))
        let options = JSONDecodingOptions(registry: registry)
        let read = try Two(jsonString: json, options: options)
        #expect(read == two)
        #expect(
            two.textFormat(options: TextFormatOptions(isOneLine: true, registry: registry)).hasSuffix(
                #"[martlet.testing.two.extra]: "x" [martlet.testing.two.counts]: 1 [martlet.testing.two.counts]: -1 "#
                    + #"[two.of] { name: "attic" floor: 3 } [two.visited] { name: "attic" floor: 3 } "#
                    + "[martlet.testing.two.hue]: COLOR_RED"))

        func reason(_ members: String) -> JSONDecodingError.Reason? {
            let json = #"{"number":0,"text":"","inner":{"name":""},"flag":false,"size":1,\#(members)}"#
            do throws(JSONDecodingError) {
                _ = try Two(jsonString: json, options: options)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason(#""[two.of]":null,"[two.visited]":null"#) == nil)
        #expect(reason(#""[two.of]":{},"[two.of]":{}"#) == .duplicate)
        #expect(reason(#""[two.none]":{}"#) == .unknownField)
        #expect(reason(#""[martlet.testing.two.counts]":["x"]"#) == .wrongValue)
    }

    @Test func groupsMayBeExtensions() throws {
        var grouped = Grouped()
        grouped[.pair] = [Pair(text: "a"), Pair()]
        grouped[.single] = Single(text: "b")
        let single: [UInt8] = [0x93, 0x07, 0x0A, 0x01, 0x62, 0x94, 0x07]
        #expect(
            grouped.unknownFields.bytes == [0x8B, 0x07, 0x0A, 0x01, 0x61, 0x8C, 0x07, 0x8B, 0x07, 0x8C, 0x07] + single)
        let copy = try Grouped(serialized: grouped.serialized())
        #expect(copy[.pair] == [Pair(text: "a"), Pair()])
        #expect(copy[.single] == Single(text: "b"))
        grouped[.pair] = []
        #expect(grouped.unknownFields.bytes == single)
    }

    @Test func messagesMayNestThroughExtensions() throws {
        var grouped = Grouped()
        grouped[Grouped.nested] = Grouped(size: .small)
        grouped[defaulting: Grouped.nested][.number] = 5
        #expect(grouped[Grouped.nested]?[.number] == 5)
        #expect(Grouped()[defaulting: .number] == -7)
    }

    /// Items of another reader may come in either order, and in several parts.
    @Test func messageSetsHaveItems() throws {
        var set = MessageSet()
        set[SetItem.item] = SetItem(text: "a")
        let item: [UInt8] = [0x0B, 0x10, 0xE8, 0x07, 0x1A, 0x03, 0x0A, 0x01, 0x61, 0x0C]
        #expect(try set.serialized() == item)
        let other: [UInt8] = [0x0B, 0x1A, 0x02, 0x10, 0x07, 0x10, 0xE8, 0x07, 0x0C]
        let stranger: [UInt8] = [0x0B, 0x10, 0x04, 0x1A, 0x00, 0x0C]
        var both = try MessageSet(serialized: item + stranger + other)
        #expect(both[SetItem.item] == SetItem(text: "a", number: 7))
        both[SetItem.item] = nil
        #expect(both.unknownFields.bytes == stranger)
    }

    @Test func theirErrorsNameTheField() throws {
        let grouped = try Grouped(serialized: Wire.bytes([0x0B, 0x1B], field: 120))
        let error = #expect(throws: DecodingError.self) { try grouped.extensionValue(Grouped.nested) }
        #expect(error?.field == "[martlet.testing.two.Grouped.nested].data.item[0]")
        #expect(error?.reason == .malformed(.unendedGroup))
    }

    @Test(.timeLimit(.minutes(1)))
    func manyCallsAreCheap() {
        var grouped = Grouped()
        for number in 0..<20_000 as Range<Int32> {
            grouped[.number] = number
            grouped[.extraSizes] = [.small]
        }
        #expect(grouped[.number] == 19_999)
        #expect(grouped.unknownFields.bytes.count < 20)
    }
}

private let attic = Place(name: "attic", floor: 3)

private enum Where {
    static let of = MessageExtension<Two, Place?>(.message(Place.self), "two.of", 103, default: .init())
    static let visited = MessageExtension<Two, [Place]>(
        repeated: .message(Place.self), "two.visited", 104)
}

private let note = MessageExtension<Two, String?>(.string, "martlet.testing.two.extra", 100, default: "none")
private let counts = MessageExtension<Two, [Int32]>(packed: .int32, "martlet.testing.two.counts", 101)
private let words = MessageExtension<Two, [String]>(repeated: .string, "martlet.testing.two.words", 102)
private let hue = MessageExtension<Two, Color?>(.enum(Color.self), "martlet.testing.two.hue", 105, default: .green)

extension MessageExtension where Extendee == Two, Value == String? {
    fileprivate static var note: Self { MartletMessagesTests.note }
}

extension MessageExtension where Extendee == Two, Value == [Int32] {
    fileprivate static var counts: Self { MartletMessagesTests.counts }
}

extension MessageExtension where Extendee == Two, Value == [String] {
    fileprivate static var words: Self { MartletMessagesTests.words }
}

extension MessageExtension where Extendee == Two, Value == Color? {
    fileprivate static var hue: Self { MartletMessagesTests.hue }
}
