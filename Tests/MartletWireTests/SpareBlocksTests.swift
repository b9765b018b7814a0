import NIOCore
import Testing

@testable import MartletWire

@Suite struct SpareBlocksTests {
    private let blocks = SpareBlocks()

    @Test func aBlockIsUsedAgainOnceNobodyHasIt() {
        var first: ByteBuffer? = filled(100_000)
        let start = address(of: first!)
        #expect(address(of: blocks.keep(bytesOf: first!)) == start)

        var second = blocks.take(size: 100_000)
        second.writeInteger(UInt8(1))
        #expect(address(of: second) != start)
        #expect(first == filled(100_000))

        first = nil
        var third = blocks.take(size: 100_000)
        third.writeInteger(UInt8(1))
        #expect(third.readableBytes == 1)
        #expect(address(of: third) == start)
    }

    @Test func aBlockThatIsTooSmallStays() {
        keep(100_000)
        #expect(blocks.take(size: 1_000_000).capacity >= 1_000_000)
        #expect(blocks.keptBytes == 131_072)
        #expect(blocks.take(size: 100_000).capacity == 131_072)
        #expect(blocks.keptBytes == 0)
    }

    @Test func aMessageHoldsNotManyTimesItsSize() {
        keep(1 << 20)
        #expect(blocks.take(size: 200_000).capacity == 262_144)
        #expect(blocks.take(size: 300_000).capacity == 1 << 20)

        keep(1 << 20)
        var block = blocks.take(part: 20_000)
        #expect(block.capacity == 1 << 20)
        block.writeRepeatingByte(7, count: 100_000)
        let bytes = blocks.keep(bytesOf: block)
        #expect(bytes == filled(100_000))
        #expect(bytes.capacity == 131_072)
        #expect(blocks.keptBytes == 1 << 20)
    }

    @Test func littleAndVeryMuchAreNotKept() {
        keep(10_000)
        keep(5 << 20)
        #expect(blocks.isEmpty)
        keep(100_000)
        #expect(blocks.take(size: 100).capacity == 128)
        #expect(blocks.take(part: 100).capacity == 128)
        #expect(blocks.take(part: 5 << 20).capacity == 8 << 20)
    }

    @Test func whatIsKeptIsBounded() {
        for _ in 0..<100 { keep(1 << 20) }
        #expect(blocks.keptBytes == 16 << 20)
    }

    @Test func whatIsNotUsedIsGivenBack() {
        keep(100_000)
        blocks.trim()
        #expect(!blocks.isEmpty)
        _ = blocks.keep(bytesOf: blocks.take(size: 100_000))
        blocks.trim()
        #expect(!blocks.isEmpty)
        blocks.trim()
        #expect(blocks.isEmpty)
        #expect(blocks.keptBytes == 0)
    }

    private func keep(_ size: Int) { _ = blocks.keep(bytesOf: filled(size)) }

    private func filled(_ size: Int) -> ByteBuffer { ByteBuffer(repeating: 7, count: size) }

    private func address(of buffer: ByteBuffer) -> UInt {
        buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    }
}
