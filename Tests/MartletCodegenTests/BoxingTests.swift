import Testing

@testable import MartletCodegen

@Suite struct BoxingTests {
    /// A message with that many strings, 16 bytes each, beside the 8 bytes that every message has.
    private func strings(_ count: Int) -> [Boxing.Member] {
        Array(repeating: .plain(.single(.scalar(.string))), count: count)
    }

    private func boxing(_ shapes: [String: [Boxing.Member]]) -> Boxing {
        Boxing(shapes.mapValues(Boxing.Shape.init(members:)))
    }

    @Test(arguments: [
        // The small one takes 8 bytes. 15 strings leave 8 for it, 16 would leave none for anything.
        (14, false), (15, false), (16, true),
    ])
    func limit(stringCount: Int, expected: Bool) {
        let boxing = boxing(["Small": [], "Big": strings(stringCount) + [.message(field: 1, type: "Small")]])
        #expect(boxing.isBoxed(field: 1, of: "Big") == expected)
    }

    @Test func sizeCountsWhatIsInline() {
        let boxing = boxing(["Inner": strings(2), "Outer": strings(1) + [.message(field: 2, type: "Inner")]])
        #expect(boxing.size(of: "Inner") == 40)
        #expect(boxing.size(of: "Outer") == 64)
    }

    @Test func earlierMessagesStayInlineFirst() {
        let boxing = boxing([
            "Inner": strings(9),
            "Outer": [.message(field: 7, type: "Inner"), .message(field: 3, type: "Inner")],
        ])
        #expect(!boxing.isBoxed(field: 7, of: "Outer"))
        #expect(boxing.isBoxed(field: 3, of: "Outer"))
        #expect(boxing.size(of: "Outer") == 152 + 8 + 8)
    }

    @Test func recursionIsBoxedHoweverLongItsWay() {
        let boxing = boxing([
            "Self": [.message(field: 1, type: "Self")],
            "A": [.message(field: 1, type: "B")],
            "B": [.oneof([.plain(.single(.scalar(.bool))), .message(field: 2, type: "C")])],
            "C": [.message(field: 3, type: "A"), .message(field: 4, type: "Leaf")],
            "Leaf": [],
        ])
        #expect(boxing.isBoxed(field: 1, of: "Self"))
        #expect(boxing.isBoxed(field: 1, of: "A"))
        #expect(boxing.isBoxed(field: 2, of: "B"))
        #expect(boxing.isBoxed(field: 3, of: "C"))
        #expect(!boxing.isBoxed(field: 4, of: "C"))
    }

    @Test func oneofTakesTheRoomOfItsLargestMember() {
        let boxing = boxing([
            "Large": strings(10), "Huge": strings(16),
            "Outer": [.oneof([.message(field: 1, type: "Large"), .message(field: 2, type: "Huge")])] + strings(4),
        ])
        #expect(!boxing.isBoxed(field: 1, of: "Outer"))
        #expect(boxing.isBoxed(field: 2, of: "Outer"))
    }

    @Test(arguments: [
        (ValueType.scalar(.int32), Cardinality.implicit, 4), (.scalar(.int32), .optional, 5),
        (.scalar(.int64), .optional, 9), (.scalar(.bool), .optional, 1), (.scalar(.string), .optional, 16),
        (.scalar(.bytes), .optional, 8), (.enum("E"), .optional, 5), (.scalar(.string), .map(key: .int32), 8),
        (.message("M"), .repeated(isPacked: false), 8),
    ])
    func inlineSize(type: ValueType, cardinality: Cardinality, expected: Int) {
        #expect(InlineSize(type, cardinality).size == expected)
    }

    @Test func sumAligns() {
        #expect(InlineSize.sum([]) == 0)
        let parts = [(1, 1), (4, 4), (1, 1), (8, 8)].map { InlineSize(size: $0.0, alignment: $0.1) }
        #expect(InlineSize.sum(parts) == 24)
    }
}

@Suite struct StronglyConnectedTests {
    @Test func whatIsReachedComesFirst() throws {
        let components = StronglyConnected.components(of: ["a": ["b"], "b": ["c", "a"], "c": ["d"], "d": []])
        #expect(components["a"] == components["b"])
        let (a, c, d) = (try #require(components["a"]), try #require(components["c"]), try #require(components["d"]))
        #expect(d < c && c < a)
    }
}
