import MartletTransport
import NIOCore
import Testing

@Suite struct InputBufferTests {
    @Test func aReadIsUsedWhereItIs() throws {
        var input = InputBuffer()
        let read = ByteBuffer(bytes: 1...10)
        input.append(read)
        let bytes = try take(1, from: &input)
        #expect(address(of: bytes) == address(of: read))
        #expect(input.isEmpty)
    }

    @Test func aFrameThatIsCutOffTakesNoMoreThanItLacks() throws {
        var input = InputBuffer()
        input.append(ByteBuffer(bytes: 1...3))
        input.keep(try take(1, from: &input))
        #expect(!input.isEmpty)
        #expect(!input.hasMore)

        let read = ByteBuffer(bytes: 4...20)
        input.append(read)
        var frame = try take(5, from: &input)
        #expect(frame == ByteBuffer(bytes: 1...8))
        frame.moveReaderIndex(forwardBy: 8)
        input.keep(frame)

        #expect(input.hasMore)
        let rest = try take(1, from: &input)
        #expect(rest == ByteBuffer(bytes: 9...20))
        #expect(address(of: rest) == address(of: read) + 5)
    }

    @Test func aPauseLosesNothing() throws {
        var input = InputBuffer()
        input.append(ByteBuffer(bytes: 1...3))
        input.keep(try take(1, from: &input))
        input.append(ByteBuffer(bytes: 4...9))
        input.append(ByteBuffer(bytes: 10...12))
        input.endRead()
        var all: [UInt8] = []
        while let bytes = input.take(needed: 2) { all += Array(bytes.readableBytesView) }
        #expect(all == Array(1...12))
    }

    /// Frames of any size, whose first two bytes tell it, in reads of any size.
    @Test(arguments: 0..<20) func framesComeOutAsTheyWentIn(seed: UInt64) {
        var random = SeededRandom(state: seed)
        let frames = (0..<50).map { index in
            let size = Int.random(in: 0...300, using: &random)
            return [UInt8(size >> 8), UInt8(size & 255)] + [UInt8](repeating: UInt8(index), count: size)
        }
        var rest = ByteBuffer(bytes: frames.joined())
        var input = InputBuffer()
        var needed = 2
        var taken: [[UInt8]] = []
        while rest.readableBytes > 0 {
            input.append(rest.readSlice(length: min(rest.readableBytes, Int.random(in: 1...500, using: &random)))!)
            repeat {
                guard var bytes = input.take(needed: needed) else { break }
                needed = 2 - bytes.readableBytes
                while let size: UInt16 = bytes.getInteger(at: bytes.readerIndex) {
                    needed = Int(size) + 2 - bytes.readableBytes
                    guard needed <= 0 else { break }
                    taken.append(bytes.readBytes(length: Int(size) + 2)!)
                    needed = 2 - bytes.readableBytes
                }
                input.keep(bytes)
            } while input.hasMore
            if Bool.random(using: &random) { input.endRead() }
        }
        #expect(taken == frames)
        #expect(input.isEmpty)
    }

    private func take(_ needed: Int, from input: inout InputBuffer) throws -> ByteBuffer {
        let bytes = input.take(needed: needed)
        return try #require(bytes)
    }

    private func address(of buffer: ByteBuffer) -> UInt {
        buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    }
}
