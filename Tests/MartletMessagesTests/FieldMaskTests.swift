import MartletMessages
import Testing

struct FieldMaskTests {
    private typealias FieldMask = GoogleProtobuf.FieldMask

    @Test func aPathStandsForAllBelowIt() {
        let mask: FieldMask = ["a.b", "c"]
        #expect(mask.contains("a.b") && mask.contains("a.b.x") && mask.contains("c.y.z"))
        #expect(!mask.contains("a") && !mask.contains("a.bc") && !mask.contains(""))
    }

    @Test func masksAreSets() {
        #expect((["b", "a.x", "a", "a-b", "b"] as FieldMask).normalized == ["a", "a-b", "b"])
        #expect((["a.b"] as FieldMask).union(["a.c", "a.b.x"]) == ["a.b", "a.c"])
        #expect((["a", "b.c"] as FieldMask).intersection(["a.x", "b", "d"]) == ["a.x", "b.c"])
        #expect((["a"] as FieldMask).intersection(["b"]) == [])
    }

    @Test func pathsAreThoseOfAMessage() {
        let mask: FieldMask = ["label", "child.child.label", "branch.side", "children", "named", "branch.tree.label"]
        #expect(mask.isValid(for: Tree.self))
        let wrong: FieldMask = ["", "lable", "label.x", "children.label", "named.a", "child.", "a_double"]
        #expect(wrong.invalidPaths(for: Tree.self) == wrong.paths)
        #expect(FieldMask(allFieldsOf: Leaf.self) == ["name", "number"])
    }

    @Test func anUpdateReplacesTheMasksFields() throws {
        let long = String(repeating: "x", count: 100)
        var tree = Tree(
            label: "old", child: Tree(label: "old child", children: [Tree()]), children: [Tree(), Tree()],
            named: ["old": Tree()])
        let other = Tree(
            label: "new", child: Tree(label: long), children: [Tree(label: "new")], branch: Tree.Branch(side: .left))
        try tree.update(["child.label", "children", "named", "branch.side", "branch.tree"], from: other)
        #expect(
            tree
                == Tree(
                    label: "old", child: Tree(label: long, children: [Tree()]), children: [Tree(label: "new")],
                    branch: Tree.Branch(side: .left)))
        #expect(throws: FieldMaskError.self) { try tree.update(["label", "x"], from: other) }
        #expect(tree.label == "old")
    }

    @Test func anUpdateClearsWhatTheOtherLacks() throws {
        var message = Explicit(anInt32: 1, aString: "x", color: .red, leaf: Leaf(name: "x", number: 1))
        try message.update(["an_int32", "a_string", "leaf.name", "color"], from: Explicit(color: .green))
        #expect(message == Explicit(color: .green, leaf: Leaf(number: 1)))
        try message.update(["leaf"], from: Explicit())
        #expect(message.leaf == nil)
    }

    @Test func anUpdateKnowsOneofs() throws {
        var message = Choice(value: .anInt32(1), other: .note("x"))
        try message.update(["a_string"], from: Choice(value: .anInt64(2)))
        #expect(message.value == .anInt32(1))
        try message.update(["leaf.name"], from: Choice(value: .leaf(Leaf(name: "n", number: 2))))
        #expect(message.value == .leaf(Leaf(name: "n")))
        try message.update(["an_int64", "note"], from: Choice(value: .anInt64(2)))
        #expect(message == Choice(value: .anInt64(2)))
        try message.update(["an_int64"], from: Choice())
        #expect(message.value == nil)
    }

    @Test func trimmingKeepsTheMasksFields() throws {
        let tree = Tree(label: "a", child: Tree(label: "b", children: [Tree()]), children: [Tree()])
        #expect(try tree.trimmed(to: ["child.label"]) == Tree(child: Tree(label: "b")))
        #expect(try tree.trimmed(to: []) == Tree())
        let two = Two(inner: Inner(name: ""), size: .large)
        #expect(throws: FieldMaskError.self) { try two.trimmed(to: ["note"]) }
    }
}
