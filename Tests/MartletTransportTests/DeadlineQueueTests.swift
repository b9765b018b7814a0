import MartletTransport
import Testing

@Suite struct DeadlineQueueTests {
    @Test func expiresInOrder() {
        var random = SeededRandom(state: 7)
        var queue = DeadlineQueue()
        let deadlines = (0..<500).map { _ in UInt64.random(in: 0..<1000, using: &random) }
        for (stream, deadline) in deadlines.enumerated() {
            queue.insert(deadline, stream: UInt32(stream), openCalls: 500) { _ in true }
        }
        #expect(queue.earliest == deadlines.min())
        var popped: [UInt64] = []
        while let stream = queue.popExpired(at: 400) { popped.append(deadlines[Int(stream)]) }
        #expect(popped == deadlines.filter { $0 <= 400 }.sorted())
        #expect(queue.earliest! > 400)
    }

    @Test func endedCallsDoNotPileUp() {
        var queue = DeadlineQueue()
        for stream in 0..<UInt32(100_000) {
            queue.insert(60_000_000_000 + UInt64(stream), stream: stream, openCalls: 10) { $0 + 10 > stream }
            #expect(queue.count <= 64 + 2 * 10 + 1)
        }
    }

    @Test func endedCallsLeaveTheTop() {
        var queue = DeadlineQueue()
        for stream in 1...UInt32(5) { queue.insert(UInt64(stream) * 10, stream: stream, openCalls: 5) { _ in true } }
        queue.dropEnded { $0 >= 4 }
        #expect(queue.earliest == 40)
        queue.dropEnded { _ in false }
        #expect(queue.earliest == nil)
    }
}
