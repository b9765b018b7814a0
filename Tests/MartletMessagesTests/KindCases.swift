import MartletMessages

/// A message and the name of its bytes in the fixture; see `cases()` in `Tests/Peers/messages.py`.
struct KindCase: Sendable, CustomStringConvertible {
    let name: String
    let message: any GeneratedMessage

    init(_ name: String, _ message: any GeneratedMessage) {
        self.name = name
        self.message = message
    }

    var description: String { name }

    static let all =
        implicit + explicit + lists + maps + choices + [
            KindCase("tree.all", tree),
            KindCase("tree.deep", deepTree(levels: 99)),
            KindCase("numbers.all", Numbers(s: "s", far: -1, sixteen: 16)),
            KindCase("numbers.gap", Numbers(twoThousand: [1, -1])),
            KindCase("two.required", Two(inner: Inner(name: ""), size: .large)),
            KindCase("two.all", two),
        ]

    static let multibyte = "żółć 日本 🐦"
    static let long = String(repeating: "0123456789", count: 20)
}

// MARK: - Singular

extension KindCase {
    private static let implicit = [
        KindCase("implicit.empty", Implicit()),
        KindCase("implicit.lowest", lowest),
        KindCase("implicit.highest", highest),
        KindCase("implicit.negativeZero", Implicit(aDouble: -0.0, aFloat: -0.0)),
        KindCase("implicit.infinity", Implicit(aDouble: .infinity, aFloat: -.infinity)),
        KindCase("implicit.smallest", Implicit(aDouble: .leastNonzeroMagnitude, aFloat: .leastNonzeroMagnitude)),
        KindCase(
            "implicit.lengths",
            Implicit(
                aString: String(repeating: "x", count: 64), someBytes: Array(repeating: UInt8(ascii: "y"), count: 65))),
    ]

    private static var lowest: Implicit {
        Implicit(
            aDouble: -.greatestFiniteMagnitude, aFloat: -.greatestFiniteMagnitude, anInt32: .min, anInt64: .min,
            aUint32: 1, aUint64: 1, aSint32: .min, aSint64: .min, aFixed32: 1, aFixed64: 1, aSfixed32: .min,
            aSfixed64: .min, aBool: true, aString: "a\0b", someBytes: [0, 0xFF], color: .infrared, unit: .belowZero)
    }

    private static var highest: Implicit {
        Implicit(
            aDouble: .greatestFiniteMagnitude, aFloat: .greatestFiniteMagnitude, anInt32: .max, anInt64: .max,
            aUint32: .max, aUint64: .max, aSint32: .max, aSint64: .max, aFixed32: .max, aFixed64: .max,
            aSfixed32: .max, aSfixed64: .max, aBool: true, aString: multibyte,
            someBytes: Array(repeating: 0, count: 5000), color: .unrecognized(.max), unit: .unrecognized(.min))
    }

    private static let explicit = [
        KindCase("explicit.empty", Explicit()),
        KindCase(
            "explicit.defaults",
            Explicit(
                aDouble: 0, aFloat: 0, anInt32: 0, anInt64: 0, aUint32: 0, aUint64: 0, aSint32: 0, aSint64: 0,
                aFixed32: 0, aFixed64: 0, aSfixed32: 0, aSfixed64: 0, aBool: false, aString: "", someBytes: [],
                color: .unspecified, leaf: Leaf(), nothing: Nothing(), place: Place())),
        KindCase(
            "explicit.lowest",
            Explicit(
                aDouble: -.greatestFiniteMagnitude, aFloat: -.greatestFiniteMagnitude, anInt32: .min, anInt64: .min,
                aUint32: 1, aUint64: 1, aSint32: .min, aSint64: .min, aFixed32: 1, aFixed64: 1, aSfixed32: .min,
                aSfixed64: .min, aBool: true, aString: long, someBytes: [0], color: .unrecognized(77),
                leaf: Leaf(name: "leaf", number: -1), place: Place(name: "place", floor: .min))),
    ]
}

// MARK: - Lists and maps

extension KindCase {
    private static let lists = [
        KindCase(
            "packed.edges",
            Packed(
                doubles: [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude],
                floats: [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude], int32s: [.min, 0, .max],
                int64s: [.min, 0, .max], uint32s: [1, 0, .max], uint64s: [1, 0, .max], sint32s: [.min, 0, .max],
                sint64s: [.min, 0, .max], fixed32s: [1, 0, .max], fixed64s: [1, 0, .max],
                sfixed32s: [.min, 0, .max], sfixed64s: [.min, 0, .max], bools: [true, false, true], colors: colors)),
        KindCase("packed.long", longLists),
        KindCase("unpacked.edges", unpacked),
    ]

    private static let colors: [Color] = [.infrared, .unspecified, .green, .unrecognized(12345)]

    private static var longLists: Packed {
        let numbers = (0..<10_000).map { Int32($0 * 7919 % 200 - 100) }
        return Packed(sint32s: numbers, bools: (0..<100).map { $0 % 3 == 0 })
    }

    private static var unpacked: Unpacked {
        var lists = Unpacked(
            doubles: [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude],
            floats: [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude], int32s: [.min, 0, .max],
            int64s: [.min, 0, .max], uint32s: [1, 0, .max], uint64s: [1, 0, .max], sint32s: [.min, 0, .max],
            sint64s: [.min, 0, .max], fixed32s: [1, 0, .max], fixed64s: [1, 0, .max], sfixed32s: [.min, 0, .max],
            sfixed64s: [.min, 0, .max], bools: [true, false, true], colors: colors)
        lists.strings = ["", "a", "\0", multibyte, long]
        lists.byteStrings = [[], [0], Array(repeating: 0xFF, count: 300)]
        lists.leaves = [Leaf(), Leaf(name: "second", number: 2)]
        lists.places = [Place(floor: -1)]
        return lists
    }

    private static let maps = [
        KindCase(
            "maps.edges",
            Maps(
                byInt32: [.min: -.greatestFiniteMagnitude], byInt64: [.min: -.greatestFiniteMagnitude],
                byUint32: [.max: .min], byUint64: [.max: .min], bySint32: [.min: .max], bySint64: [.min: .max],
                byFixed32: [.max: .min], byFixed64: [.max: .min], bySfixed32: [.min: .max], bySfixed64: [.min: .max],
                byBool: [true: true], byString: ["a\0b": long], toBytes: [long: [0, 0xFF]],
                toColor: ["infrared": .infrared], toLeaf: ["leaf": Leaf(name: multibyte)],
                toPlace: ["place": Place(floor: -1)], toSfixed32: ["lowest": .min], toSfixed64: ["lowest": .min])),
        KindCase(
            "maps.defaults",
            Maps(
                byInt32: [0: 0], byInt64: [0: 0], byUint32: [0: 0], byUint64: [0: 0], bySint32: [0: 0],
                bySint64: [0: 0], byFixed32: [0: 0], byFixed64: [0: 0], bySfixed32: [0: 0], bySfixed64: [0: 0],
                byBool: [false: false], byString: ["": ""], toBytes: ["": []], toColor: ["": .unspecified],
                toLeaf: ["": Leaf()], toPlace: ["": Place()], toSfixed32: ["": 0], toSfixed64: ["": 0])),
        KindCase("maps.many", manyEntries),
    ]

    private static var manyEntries: Maps {
        var maps = Maps()
        for index in 0..<100 {
            maps.byString["key \(index)"] = "value \(index)"
            maps.toLeaf["key \(index)"] = Leaf(number: Int32(index))
        }
        return maps
    }
}

// MARK: - Oneofs and nesting

extension KindCase {
    private static let choices = [
        choice("empty", nil),
        choice("double.default", .aDouble(0)), choice("double.lowest", .aDouble(-.greatestFiniteMagnitude)),
        choice("float.default", .aFloat(0)), choice("float.lowest", .aFloat(-.greatestFiniteMagnitude)),
        choice("int32.default", .anInt32(0)), choice("int32.lowest", .anInt32(.min)),
        choice("int64.default", .anInt64(0)), choice("int64.lowest", .anInt64(.min)),
        choice("uint32.default", .aUint32(0)), choice("uint32.lowest", .aUint32(1)),
        choice("uint64.default", .aUint64(0)), choice("uint64.lowest", .aUint64(1)),
        choice("sint32.default", .aSint32(0)), choice("sint32.lowest", .aSint32(.min)),
        choice("sint64.default", .aSint64(0)), choice("sint64.lowest", .aSint64(.min)),
        choice("fixed32.default", .aFixed32(0)), choice("fixed32.lowest", .aFixed32(1)),
        choice("fixed64.default", .aFixed64(0)), choice("fixed64.lowest", .aFixed64(1)),
        choice("sfixed32.default", .aSfixed32(0)), choice("sfixed32.lowest", .aSfixed32(.min)),
        choice("sfixed64.default", .aSfixed64(0)), choice("sfixed64.lowest", .aSfixed64(.min)),
        choice("bool", .aBool(false)), choice("string", .aString("")), choice("bytes", .someBytes([])),
        choice("enum", .color(.infrared)), choice("message", .leaf(Leaf(name: "leaf")), .note(long)),
        choice(
            "nested", .choice(Choice(value: .choice(Choice(value: .place(Place(name: "place")))))),
            .nothing(Nothing())),
    ]

    private static func choice(_ name: String, _ value: Choice.Value?, _ other: Choice.Other? = nil) -> KindCase {
        KindCase("choice.\(name)", Choice(value: value, other: other))
    }

    private static var tree: Tree {
        var tree = Tree(label: "root", child: Tree(child: Tree(label: "grandchild")))
        tree.children = [Tree(), Tree(label: "second")]
        tree.named = ["": Tree(label: "unnamed")]
        tree.branch = Tree.Branch(tree: Tree(branch: Tree.Branch(side: .left)), side: .unrecognized(99))
        return tree
    }

    /// A chain of children, all but the outermost labelled with their level.
    static func deepTree(levels: Int) -> Tree {
        var tree = Tree(label: "\(levels)")
        for level in stride(from: levels - 1, through: 2, by: -1) { tree = Tree(label: "\(level)", child: tree) }
        return Tree(child: tree)
    }

    private static var two: Two {
        Two(
            number: -1, text: multibyte, inner: Inner(name: "inner"), flag: true, size: .small, note: "", ratio: -0.0,
            unpacked: [1, -1], packed: [1, -1], inners: [Inner(name: "first")], other: Inner(name: "other"))
    }
}
