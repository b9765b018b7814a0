import MartletMessages
import Testing

@Test func leafRoundTrips() throws {
    let leaf = Leaf(name: "a\0b", number: -1)
    #expect(try Leaf(serialized: leaf.serialized()) == leaf)
    var tree = Tree(label: "x", children: [Tree(label: "y")], named: ["n": Tree()])
    tree.child = Tree(label: "deep")
    #expect(try Tree(serialized: tree.serialized()) == tree)
}
