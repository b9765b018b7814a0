import MartletCore
import MartletMessages
import Testing

/// Views show what decoding reads.
struct ViewTests {
    /// The whole message through both kinds of view.
    private func values<View: GeneratedView & ~Copyable>(
        _: View.Type, _ bytes: [UInt8]
    ) throws -> [View.ViewedMessage] {
        let owned = try View(serialized: bytes)
        return [try View.ViewedMessage(owned), try View.withView(serialized: bytes) { try View.ViewedMessage($0) }]
    }

    private func values(of kind: KindCase, _ bytes: [UInt8]) throws -> [any GeneratedMessage] {
        switch kind.message {
        case is Implicit: try values(Implicit.View.self, bytes)
        case is Explicit: try values(Explicit.View.self, bytes)
        case is Packed: try values(Packed.View.self, bytes)
        case is Unpacked: try values(Unpacked.View.self, bytes)
        case is Maps: try values(Maps.View.self, bytes)
        case is Choice: try values(Choice.View.self, bytes)
        case is Tree: try values(Tree.View.self, bytes)
        case is Numbers: try values(Numbers.View.self, bytes)
        default: try values(Two.View.self, bytes)
        }
    }

    @Test(arguments: KindCase.all)
    func wholeMessage(_ kind: KindCase) throws {
        let bytes = try #require(Fixture.bytes[kind.name])
        for value in try values(of: kind, bytes) { #expect(AnyHashable(value) == AnyHashable(kind.message)) }
    }

    @Test(arguments: KindCase.all.filter { $0.message is Implicit })
    func implicitFields(_ kind: KindCase) throws {
        let message = try #require(kind.message as? Implicit)
        try Implicit.withView(serialized: try #require(Fixture.bytes[kind.name])) { (view) throws in
            #expect(view.aDouble.bitPattern == message.aDouble.bitPattern && view.aFloat == message.aFloat)
            #expect(view.anInt32 == message.anInt32 && view.anInt64 == message.anInt64)
            #expect(view.aUint32 == message.aUint32 && view.aUint64 == message.aUint64)
            #expect(view.aSint32 == message.aSint32 && view.aSint64 == message.aSint64)
            #expect(view.aFixed32 == message.aFixed32 && view.aFixed64 == message.aFixed64)
            #expect(view.aSfixed32 == message.aSfixed32 && view.aSfixed64 == message.aSfixed64)
            #expect(view.aBool == message.aBool && view.color == message.color && view.unit == message.unit)
            let text = try view.aString
            #expect(text == message.aString && view.someBytes == message.someBytes)
            #expect(view.withAStringBytes { $0.count } == message.aString.utf8.count)
            #expect(view.withSomeBytesBytes { $0.count } == message.someBytes.count)
        }
    }

    @Test(arguments: KindCase.all.filter { $0.message is Explicit })
    func explicitFields(_ kind: KindCase) throws {
        let message = try #require(kind.message as? Explicit)
        try Explicit.withView(serialized: try #require(Fixture.bytes[kind.name])) { (view) throws in
            #expect(view.aDouble == message.aDouble && view.aFloat == message.aFloat)
            #expect(view.anInt32 == message.anInt32 && view.anInt64 == message.anInt64)
            #expect(view.aBool == message.aBool && view.color == message.color)
            let text = try view.aString
            #expect(text == message.aString && view.someBytes == message.someBytes)
            #expect(view.withAStringBytes { $0.count } == message.aString?.utf8.count ?? 0)
            #expect(view.hasLeaf == (message.leaf != nil) && view.hasNothing == (message.nothing != nil))
            let name = try view.leaf.name
            #expect(name == message.leaf?.name ?? "" && view.leaf.number == message.leaf?.number ?? 0)
        }
    }

    @Test func lists() throws {
        let message = try #require(KindCase.all.first { $0.name == "unpacked.edges" }?.message as? Unpacked)
        try Unpacked.withView(serialized: message.serialized()) { (view) throws in
            #expect(view.int32s.indices.map { view.int32s[$0] } == message.int32s)
            #expect(view.doubles.withSpan { span in span.indices.map { span[$0] } } == message.doubles)
            #expect(view.bools.indices.map { view.bools[$0] } == message.bools)
            #expect(view.colors.indices.map { view.colors[$0] } == message.colors)
            #expect(try view.strings.indices.map { try view.strings[$0] } == message.strings)
            #expect(try view.strings.array() == message.strings)
            #expect(view.strings.withBytes(at: 1) { $0[0] } == UInt8(ascii: "a"))
            #expect(view.byteStrings.indices.map { view.byteStrings[$0] } == message.byteStrings)
            #expect(view.byteStrings.withBytes(at: 2) { $0.count } == 300)
            #expect(view.leaves.count == 2 && !view.leaves.isEmpty && view.leaves[1].number == 2)
            var names: [String] = []
            for index in view.leaves.indices { names.append(try view.leaves[index].name) }
            #expect(names == ["", "second"])
            #expect(view.places[0].floor == -1)
        }
        try Unpacked.withView(serialized: []) { (view) throws in
            #expect(view.int32s.isEmpty && view.strings.isEmpty && view.leaves.isEmpty)
            #expect(view.doubles.withSpan { $0.count } == 0)
        }
    }

    @Test func maps() throws {
        for name in ["maps.edges", "maps.defaults", "maps.many"] {
            let message = try #require(KindCase.all.first { $0.name == name }?.message as? Maps)
            try Maps.withView(serialized: message.serialized()) { (view) throws in
                #expect(try view.byInt32.dictionary() == message.byInt32)
                #expect(try view.byString.dictionary() == message.byString)
                #expect(try view.toBytes.dictionary() == message.toBytes)
                for (key, value) in message.byString { #expect(try view.byString[key] == value) }
                #expect(try view.byString["missing"] == nil)
                var leaves: [String: Leaf] = [:]
                try view.toLeaf.forEachEntry { leaves[$0] = try Leaf($1) }
                #expect(leaves == message.toLeaf)
                for (key, value) in message.toLeaf {
                    #expect(try view.toLeaf.withValue(of: key) { $0.number } == value.number)
                }
                #expect(try view.toLeaf.withValue(of: "missing") { $0.number } == nil)
                #expect(
                    view.toLeaf.isEmpty == message.toLeaf.isEmpty && view.byInt32.isEmpty == message.byInt32.isEmpty)
            }
        }
        // Of two entries for one key the last one counts.
        try Maps.withView(serialized: [0x62, 4, 0x0A, 0, 0x12, 0, 0x62, 5, 0x0A, 0, 0x12, 1, 0x78]) { (view) throws in
            #expect(try view.byString[""] == "x")
        }
    }

    @Test(arguments: KindCase.all.filter { $0.message is Choice })
    func oneofs(_ kind: KindCase) throws {
        let message = try #require(kind.message as? Choice)
        try Choice.withView(serialized: try #require(Fixture.bytes[kind.name])) { (view) throws in
            #expect(try view.value == message.value)
            #expect(try view.other == message.other)
            let number: Int32? = if case .anInt32(let number) = message.value { number } else { nil }
            #expect(view.anInt32 == number)
            let text: String? = if case .aString(let text) = message.value { text } else { nil }
            #expect(try view.aString == text)
            let bytes: [UInt8]? = if case .someBytes(let bytes) = message.value { bytes } else { nil }
            #expect(view.someBytes == bytes && view.withSomeBytesBytes { $0.count } == bytes?.count ?? 0)
            let leaf: Leaf? = if case .leaf(let leaf) = message.value { leaf } else { nil }
            #expect(view.hasLeaf == (leaf != nil))
            #expect(try view.leaf.name == leaf?.name ?? "")
        }
    }

    @Test func proto2() throws {
        let message = try #require(KindCase.all.first { $0.name == "two.all" }?.message as? Two)
        try Two.withView(serialized: message.serialized()) { (view) throws in
            let (number, flag, size) = (try view.number, try view.flag, try view.size)
            #expect(number == -1 && flag && size == .small)
            #expect(try view.text == message.text)
            #expect(try view.inner.name == "inner")
            #expect(try view.note == "")
            #expect(view.ratio == message.ratio)
        }
        try Two.withView(serialized: []) { (view) throws in
            #expect(throws: DecodingError(.missingRequiredField, message: "martlet.testing.two.Two", field: "number")) {
                try view.number
            }
            #expect(throws: DecodingError(.missingRequiredField, message: "martlet.testing.two.Two", field: "size")) {
                try view.size
            }
            #expect(view.hasInner == false)
        }
    }

    @Test func groupsAndClosedEnums() throws {
        var message = Grouped()
        message.data = Grouped.Data(text: "in a group")
        message.sizes = [.small, .large]
        message.choice = .left(Grouped.Left(text: "left"))
        try Grouped.withView(serialized: message.serialized()) { (view) throws in
            #expect(try view.data.text == "in a group")
            #expect(view.sizes == [.small, .large] && view.size == nil)
            #expect(try view.left.text == "left")
            #expect(view.hasLeft == true)
        }
        // A number that isn't one of the enum's.
        try Grouped.withView(serialized: [0x30, 9, 0x38, 1, 0x38, 9]) { (view) throws in
            #expect(view.size == nil && view.sizes == [.small])
        }
    }

    @Test func unknownFields() throws {
        let bytes = try #require(Fixture.bytes["explicit.lowest"])
        try Older.withView(serialized: bytes) { (view) throws in
            #expect(try view.unknownFields == Older(serialized: bytes).unknownFields)
        }
    }

    @Test func ownedViewCrossesTasks() async throws {
        let message = try #require(KindCase.all.first { $0.name == "tree.all" }?.message as? Tree)
        let bytes = try message.serialized()
        let label = try await Task {
            let view = try Tree.View(serialized: bytes)
            await Task.yield()
            _ = try Tree(serialized: bytes)
            await Task.yield()
            return try view.child.child.label
        }.value
        #expect(label == "grandchild")
    }

    @Test func nestedViews() throws {
        let outer = try Implicit(anInt32: 1).serialized()
        let inner = try Implicit(anInt32: 2).serialized()
        let sum = try Implicit.withView(serialized: outer) { outer in
            try Implicit.withView(serialized: inner) { outer.anInt32 + $0.anInt32 + outer.anInt32 }
        }
        #expect(sum == 4)
    }
}

// MARK: - Wrong bytes

extension ViewTests {
    @Test func textThatIsNotUTF8() throws {
        let bytes: [UInt8] = [0x72, 1, 0xFF, 0x18, 7]
        try Implicit.withView(serialized: bytes) { (view) throws in
            #expect(view.anInt32 == 7)
            #expect(view.withAStringBytes { $0[0] } == 0xFF)
            #expect(throws: DecodingError(.invalidUTF8, message: "martlet.testing.Implicit", field: "a_string")) {
                try view.aString
            }
            #expect(throws: DecodingError.self) { try Implicit(view) }
        }
    }

    @Test func malformedBytes() throws {
        #expect(throws: DecodingError.self) { try Implicit.withView(serialized: [0x72, 5]) { _ in } }
        #expect(throws: DecodingError.self) { _ = try Implicit.View(serialized: [0x72, 5]) }
        #expect(throws: DecodingError.self) {
            try Implicit.withView(serialized: [0x72, 1, 0x61], limits: DecodingLimits(memory: 8)) { _ in }
        }
    }

    /// The accessors of any record that was decoded are safe, and the whole value is what decoding gives, or an error.
    @Test(arguments: ["implicit.lowest", "unpacked.edges", "maps.edges", "choice.nested", "tree.all", "two.all"])
    func mutatedMessages(name: String) throws {
        let kind = try #require(KindCase.all.first { $0.name == name })
        let bytes = try #require(Fixture.bytes[name])
        var chance = SplitMix(state: 42)
        for _ in 0..<500 {
            var mutated = bytes
            mutated[Int(chance.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: chance.next())
            let decoded = try? type(of: kind.message).init(serialized: mutated)
            guard let viewed = try? values(of: kind, mutated) else { continue }
            for value in viewed { #expect(try value.serialized() == decoded?.serialized()) }
        }
    }
}
