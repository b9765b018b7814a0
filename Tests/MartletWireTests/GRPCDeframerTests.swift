import MartletCore
import NIOCore
import Testing

@testable import MartletWire

@Suite struct GRPCDeframerTests {
    private let blocks = SpareBlocks()

    private static let input = bytes(
        """
        00 00000005 'first'
        01 00000000
        00 00000000
        01 00000006 'second'
        """)

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 100])
    func messagesAreCutWhereverChunksAre(size: Int) {
        var deframer = GRPCDeframer(maxMessageBytes: 6, compression: .gzip)
        #expect(run(&deframer, Self.input, chunks: size) == ["first", "compressed ", "", "compressed second"])
        #expect(!deframer.isInsideMessage)
        #expect(deframer.partialBytes == 0)
    }

    @Test func whatIsCutOffIsInsideOfAMessage() {
        for count in 0...Self.input.count {
            var deframer = GRPCDeframer(maxMessageBytes: 6, compression: .gzip)
            _ = run(&deframer, Array(Self.input.prefix(count)), chunks: 100)
            let isWhole = [0, 10, 15, 20, 31].contains(count)
            #expect(deframer.isInsideMessage == !isWhole, "after \(count) bytes")
            let begin = [0, 10, 15, 20, 31].last { $0 <= count }!
            #expect(deframer.partialBytes == count - begin)
        }
    }

    @Test(arguments: [1, 3, 100])
    func aMessageOverTheLimitIsRefusedByItsLength(size: Int) {
        var deframer = GRPCDeframer(maxMessageBytes: 5)
        let input = bytes("00 00000005 'first' 00 00000006 'second' 00 00000001 'x'")
        let error = "RESOURCE_EXHAUSTED (8): a message of 6 bytes is over the limit of 5"
        #expect(run(&deframer, input, chunks: size) == ["first", error])
        #expect(!deframer.isInsideMessage)
    }

    @Test(
        arguments: [
            (nil, "though nothing says with what"), ("identity", "though nothing says with what"),
            ("snappy", "with snappy, which isn't known here"), ("deflate", nil), ("gzip", nil),
        ] as [(String?, String?)])
    func aCompressedMessageNeedsAnEncoding(encoding: String?, problem: String?) {
        var deframer = GRPCDeframer(maxMessageBytes: 5)
        deframer.setEncoding(encoding)
        let error = problem.map { "INTERNAL (13): a message is compressed, \($0)" }
        #expect(
            run(&deframer, bytes("00 00000001 'a' 01 00000001 'b'"), chunks: 100) == ["a", error ?? "compressed b"])
    }

    @Test func noMemoryIsTakenForWhatHasNotCome() {
        var deframer = GRPCDeframer(maxMessageBytes: .max)
        #expect(run(&deframer, bytes("00 FFFFFFFF 'x'"), chunks: 100) == [])
        #expect(deframer.partialBytes == 6)
    }

    @Test(arguments: [2, 0x80, 0xFF])
    func anotherFlagIsAnError(flags: UInt8) {
        var deframer = GRPCDeframer(maxMessageBytes: 5)
        let texts = run(&deframer, [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0], chunks: 3)
        #expect(texts.count == 1)
        #expect(texts[0].hasPrefix("INTERNAL (13): a message begins with \(flags)"))
    }

    /// As far as they are whole and plain.
    @Test(
        arguments: [
            ("00 00000001 'a' 00 00000000 00 00000002 'bc'", ["a", "", "bc"], 0),
            ("00 00000001 'a' 00 00000001 'b' 00 000000", ["a", "b"], 4),
            ("00 00000001 'a' 00 00000001 'b' 01 00000001 'c'", ["a", "b"], 6),
            ("00 00000001 'a' 00 00000001 'b' 00 00000006 'toolon'", ["a", "b"], 11),
            ("00 00000001 'a' 00 00000002 'b'", nil, 12), ("01 00000000 00 00000000", nil, 10), ("", nil, 0),
        ] as [(String, [String]?, Int)])
    func messagesBehindOneAnotherAreTakenAtOnce(input: String, texts: [String]?, left: Int) {
        var deframer = GRPCDeframer(maxMessageBytes: 5)
        var chunk = ByteBuffer(bytes: bytes(input))
        var run = deframer.nextRun(&chunk)
        #expect(run?.messageBytes == texts?.joined().utf8.count)
        var taken: [String]? = run.map { _ in [] }
        while let message = run?.popFirst() { taken?.append(render(message)) }
        #expect(taken == texts)
        #expect(chunk.readableBytes == left)
    }

    @Test func aMessageInOneChunkIsASliceOfIt() throws {
        var deframer = GRPCDeframer(maxMessageBytes: 100)
        for prefix in ["00 00000005", "00 00"] {
            var head = ByteBuffer(bytes: bytes(prefix))
            var body = ByteBuffer(bytes: bytes(prefix == "00 00" ? "000005 'hello'" : "'hello'"))
            let start = body.withUnsafeReadableBytes { $0.baseAddress! } + (body.readableBytes - 5)
            guard case .needsMore = deframer.next(&head, blocks: blocks) else {
                Issue.record("a message")
                return
            }
            guard case .message(let message) = deframer.next(&body, blocks: blocks) else {
                Issue.record("no message")
                return
            }
            #expect(message.bytes.withUnsafeReadableBytes { $0.baseAddress! } == start)
        }
    }

    @Test func aLargeMessageGathersInABlock() {
        let size = 300_000
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var deframer = GRPCDeframer(maxMessageBytes: size)
        var chunk = ByteBuffer(bytes: [0, 0, 4, 0x93, 0xE0] + body)
        var message: WireMessage?
        while var part = chunk.readSlice(length: min(16_384, chunk.readableBytes)), part.readableBytes > 0 {
            if case .message(let whole) = deframer.next(&part, blocks: blocks) { message = whole }
        }
        #expect(message?.bytes == ByteBuffer(bytes: body))
        #expect(blocks.keptBytes > 0)
    }

    private func run(_ deframer: inout GRPCDeframer, _ input: [UInt8], chunks size: Int) -> [String] {
        var texts: [String] = []
        var rest = ByteBuffer(bytes: input)
        while rest.readableBytes > 0, var chunk = rest.readSlice(length: min(size, rest.readableBytes)) {
            loop: while true {
                switch deframer.next(&chunk, blocks: blocks) {
                case .message(let message): texts.append(render(message))
                case .failed(let error): texts.append("\(error)")
                case .needsMore: break loop
                }
            }
            #expect(chunk.readableBytes == 0)
        }
        return texts
    }
}
