import NIOCore
import Testing

@testable import MartletWire

@Suite struct SpareBlocksTests {
    private let blocks = SpareBlocks()

    @Test func aBlockIsUsedAgainOnceNobodyHasIt() {
        var first: ByteBuffer? = filled(100_000)
        let start = address(of: first!)
        blocks.keep(first!)

        var second = blocks.take(atLeast: 100_000)
        second.writeInteger(UInt8(1))
        #expect(address(of: second) != start)
        #expect(first == filled(100_000))

        first = nil
        var third = blocks.take(atLeast: 100_000)
        third.writeInteger(UInt8(1))
        #expect(third.readableBytes == 1)
        #expect(address(of: third) == start)
    }

    @Test func aBlockThatIsTooSmallStays() {
        blocks.keep(filled(100_000))
        #expect(blocks.take(atLeast: 1_000_000).capacity >= 1_000_000)
        #expect(blocks.keptBytes == 131_072)
        #expect(blocks.take(atLeast: 20_000).capacity == 131_072)
        #expect(blocks.keptBytes == 0)
    }

    @Test func littleAndVeryMuchAreNotKept() {
        blocks.keep(filled(10_000))
        blocks.keep(filled(5 << 20))
        #expect(blocks.isEmpty)
        blocks.keep(filled(100_000))
        #expect(blocks.take(atLeast: 100).capacity == 128)
    }

    @Test func whatIsKeptIsBounded() {
        for _ in 0..<100 { blocks.keep(filled(1 << 20)) }
        #expect(blocks.keptBytes == 16 << 20)
    }

    @Test func whatIsNotUsedIsGivenBack() {
        blocks.keep(filled(100_000))
        blocks.trim()
        #expect(!blocks.isEmpty)
        let block = blocks.take(atLeast: 100_000)
        blocks.keep(block)
        blocks.trim()
        #expect(!blocks.isEmpty)
        blocks.trim()
        #expect(blocks.isEmpty)
        #expect(blocks.keptBytes == 0)
    }

    private func filled(_ size: Int) -> ByteBuffer { ByteBuffer(repeating: 7, count: size) }

    private func address(of buffer: ByteBuffer) -> UInt {
        buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    }
}
