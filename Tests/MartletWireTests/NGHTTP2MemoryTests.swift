internal import CNghttp2
import Testing

@testable import MartletWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct NGHTTP2MemoryTests {
    private let memory = NGHTTP2Memory.functions.pointer.pointee

    private func take(_ size: Int) -> UnsafeMutableRawPointer { memory.malloc(size, memory.mem_user_data)! }

    private func giveBack(_ block: UnsafeMutableRawPointer) { memory.free(block, memory.mem_user_data) }

    @Test(arguments: [1, 47, 48, 49, 900, 1008, 1009, 100_000])
    func blocksHaveRoomForWhatWasAskedFor(size: Int) {
        let blocks = (0..<300).map { _ in take(size) }
        for (index, block) in blocks.enumerated() { memset(block, Int32(index % 251), size) }
        for (index, block) in blocks.enumerated() {
            #expect(UnsafeRawBufferPointer(start: block, count: size).allSatisfy { $0 == UInt8(index % 251) })
            #expect(Int(bitPattern: block) % 16 == 0)
        }
        blocks.forEach(giveBack)
    }

    @Test func aBlockIsUsedAgainForOneOfItsSize() {
        let first = take(100)
        giveBack(first)
        let second = take(90)
        #expect(second == first)
        giveBack(second)
    }

    @Test(arguments: [(10, 40), (10, 500), (900, 2000), (2000, 9000), (9000, 20)])
    func growingKeepsTheContent(from: Int, to: Int) throws {
        let block = take(from)
        memset(block, 7, from)
        let resized = try #require(memory.realloc(block, to, memory.mem_user_data))
        #expect(UnsafeRawBufferPointer(start: resized, count: min(from, to)).allSatisfy { $0 == 7 })
        memset(resized, 8, to)
        giveBack(resized)
    }

    @Test func callocClearsWhatWasUsedBefore() throws {
        let block = take(200)
        memset(block, 1, 200)
        giveBack(block)
        let cleared = try #require(memory.calloc(10, 20, memory.mem_user_data))
        #expect(UnsafeRawBufferPointer(start: cleared, count: 200).allSatisfy { $0 == 0 })
        giveBack(cleared)
    }
}
