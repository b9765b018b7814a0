import MartletMessages
import Testing

struct EncodingTests {
    @Test func encodingNestsInAnothersBody() throws {
        let outer = KindCase.deepTree(levels: 50)
        let inner = Unpacked(strings: (0..<2_000).map { "string \($0)" })
        let expected = (try outer.serialized(), try inner.serialized())
        var innerBytes: [UInt8]?
        let outerBytes = try outer.withSerialized { size, write in
            [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                innerBytes = try? inner.serialized()
                write(UnsafeMutableRawPointer(buffer.baseAddress!))
                count = size
            }
        }
        #expect(outerBytes == expected.0)
        #expect(innerBytes == expected.1)
    }

    /// One message under 2 GiB holds it, since its byte strings share their storage.
    @Test func messagesOverTwoGibibytesAreRefused() {
        let message = Unpacked(byteStrings: Array(repeating: Array(repeating: 0, count: 1 << 20), count: 2048))
        let size = 2048 * ((1 << 20) + 2 + 3)
        #expect(throws: EncodingError(message: "martlet.testing.Unpacked", size: size)) {
            try message.withSerialized { size, _ in size }
        }
    }

    /// More than a chunk of scratch memory, in every place that takes some.
    @Test func largeMessagesSurvive() throws {
        var tree = Tree(label: "root")
        for index in 0..<3_000 {
            let label = String(repeating: "x", count: index % 70)
            tree.children.append(Tree(label: label, child: Tree(label: "child of \(index)")))
            tree.named["\(index)"] = Tree(label: label, branch: Tree.Branch(tree: Tree(label: label), side: .left))
        }
        #expect(try Tree(serialized: tree.serialized()) == tree)
    }

    @Test func threadsEncodeTheSameMessage() async throws {
        let message = KindCase.deepTree(levels: 90)
        let expected = try message.serialized()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        guard let bytes = try? message.serialized() else { return false }
                        return bytes == expected && (try? Tree(serialized: bytes)) == message
                    }
                }
            }
            for await same in group { #expect(same) }
        }
    }

    @Test func enumsAreEqualWhenTheirNumbersAre() {
        #expect(Color.unrecognized(1) == .red)
        #expect(Color(rawValue: 5) == .unrecognized(5))
        #expect(Set([Color.unrecognized(-1), .infrared]).count == 1)
        #expect(Color.allCases == [.unspecified, .red, .green, .infrared])
    }
}
