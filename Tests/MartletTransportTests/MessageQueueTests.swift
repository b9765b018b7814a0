import MartletCore
import MartletTransport
import MartletWire
import NIOCore
import Testing

@Suite struct MessageQueueTests {
    private func message(_ text: String) -> MessageRun { MessageRun(WireMessage(bytes: ByteBuffer(string: text))) }

    private func describe(_ taken: MessageQueue.Taken) -> String {
        switch taken {
        case .message(let message): String(buffer: message.bytes)
        case .nothing: "nothing"
        case .end(nil): "end"
        case .end(let error?): error.message
        }
    }

    private func take(_ queue: MessageQueue, _ count: Int) -> [String] {
        (0..<count).map { _ in describe(queue.take()) }
    }

    @Test func whatIsHandedOverComesInOrderAndThenTheEnd() {
        let queue = MessageQueue()
        #expect(queue.append(message("a")))
        #expect(!queue.append(message("b")))
        #expect(take(queue, 1) == ["nothing"])
        queue.publish()
        #expect(queue.append(message("c")))
        #expect(take(queue, 1) == ["a"])
        #expect(!queue.end(RPCError(.aborted, "over")))
        queue.publish()
        #expect(take(queue, 4) == ["b", "c", "over", "over"])
    }

    @Test func theFirstEndCounts() {
        let queue = MessageQueue()
        #expect(queue.end(nil))
        #expect(!queue.end(RPCError(.aborted, "second")))
        queue.publish()
        queue.fail(RPCError(.cancelled, "third"), keepsWaiting: true)
        #expect(take(queue, 2) == ["end", "end"])
    }

    @Test(arguments: [true, false])
    func anErrorOfThisSideKeepsOrDropsWhatWaits(keepsWaiting: Bool) {
        let queue = MessageQueue()
        for text in ["a", "b"] { _ = queue.append(message(text)) }
        queue.publish()
        #expect(take(queue, 1) == ["a"])
        _ = queue.append(message("c"))
        queue.publish()
        queue.fail(RPCError(.cancelled, "cancelled"), keepsWaiting: keepsWaiting)
        _ = queue.append(message("late"))
        queue.publish()
        #expect(take(queue, 3) == (keepsWaiting ? ["b", "c", "cancelled"] : ["cancelled", "cancelled", "cancelled"]))
    }

    @Test func bytesAreLentUnlessTheyAreCompressed() {
        let queue = MessageQueue()
        func lend() -> String? { queue.lend().map { String(decoding: $0, as: UTF8.self) } }
        #expect(lend() == nil)
        _ = queue.append(message("a"))
        _ = queue.append(MessageRun(WireMessage(bytes: ByteBuffer(string: "b"), compression: .gzip)))
        _ = queue.append(message("c"))
        queue.publish()
        #expect([lend(), lend()] == ["a", nil])
        #expect(take(queue, 1) == ["b"])
        #expect([lend(), lend()] == ["c", nil])
        #expect(queue.takeUntold(atLeast: 1)?.messages == 3)
    }

    @Test func aReaderThatStopsGetsItsError() {
        let queue = MessageQueue()
        for text in ["a", "b"] { _ = queue.append(message(text)) }
        queue.publish()
        #expect(take(queue, 1) == ["a"])
        queue.stop(RPCError(.internalError, "stopped"))
        #expect(take(queue, 2) == ["stopped", "stopped"])
    }

    @Test func whatAReaderThatStopsDoesNotTakeIsTold() throws {
        let queue = MessageQueue()
        for text in ["a", "bb", "ccc"] { _ = queue.append(message(text)) }
        queue.publish()
        #expect(take(queue, 1) == ["a"])
        _ = queue.append(message("dddd"))
        #expect(queue.publish() == nil)
        let dropped = queue.stop(RPCError(.internalError, "stopped"))
        #expect(dropped.bytes == 10)
        #expect(dropped.messages == 4)
        _ = queue.append(message("late"))
        let late = try #require(queue.publish())
        #expect(late.bytes == 4)
        #expect(late.messages == 1)
    }

    @Test func anErrorThatDropsWhatWaitsDropsAGoodEndToo() {
        let queue = MessageQueue()
        for text in ["a", "b"] { _ = queue.append(message(text)) }
        _ = queue.end(nil)
        queue.publish()
        #expect(take(queue, 1) == ["a"])
        queue.fail(RPCError(.cancelled, "cancelled"), keepsWaiting: false)
        #expect(take(queue, 2) == ["cancelled", "cancelled"])
    }

    @Test func whatWasTakenIsToldInSteps() throws {
        let queue = MessageQueue()
        for _ in 0..<3 { _ = queue.append(message(String(repeating: "x", count: 68))) }
        queue.publish()
        _ = queue.take()
        #expect(queue.takeUntold(atLeast: 200) == nil)
        _ = queue.take()
        let untold = try #require(queue.takeUntold(atLeast: 200))
        #expect(untold.bytes == 136)
        #expect(untold.messages == 2)
        #expect(queue.takeUntold(atLeast: 1) == nil)
    }

    @Test func aMessageThatWaitsDoesNotKeepALargeBuffer() {
        let queue = MessageQueue()
        var read = ByteBuffer(repeating: 7, count: 60_000)
        _ = queue.append(MessageRun(WireMessage(bytes: read.readSlice(length: 10)!)))
        queue.publish()
        guard case .message(let message) = queue.take() else {
            Issue.record("no message")
            return
        }
        #expect(message.bytes.readableBytes == 10)
        #expect(message.bytes.storageCapacity < 1000)
    }

    @Test func aQueueThatIsTooLongIsWatched() {
        let queue = MessageQueue()
        for _ in 0..<5 { _ = queue.append(message("x")) }
        queue.publish()
        #expect(!queue.isOver(bytes: .max, messages: 5))
        #expect(queue.isOver(bytes: .max, messages: 4))
        #expect(queue.isOver(bytes: 4, messages: 100))
        #expect(!queue.takeWatch())
        _ = queue.take()
        #expect(queue.takeWatch())
        #expect(!queue.takeWatch())
        #expect(!queue.isOver(bytes: 4, messages: 4))
    }

    /// One task hands over batches of every size, another reads as fast as it can.
    @Test func nothingIsLostBetweenThreads() async throws {
        let queue = MessageQueue()
        async let writing: Void = Task.detached {
            var next = 0
            for size in 0..<300 {
                for _ in 0..<size % 17 {
                    _ = queue.append(MessageRun(WireMessage(bytes: ByteBuffer(integer: next))))
                    next += 1
                }
                queue.publish()
                if size % 5 == 0 { await Task.yield() }
            }
            _ = queue.end(nil)
            queue.publish()
        }.value
        var expected = 0
        reading: while true {
            switch queue.take() {
            case .message(let message):
                #expect(message.bytes.getInteger(at: message.bytes.readerIndex, as: Int.self) == expected)
                expected += 1
            case .nothing: await queue.waitForMore()
            case .end(let error):
                #expect(error == nil)
                break reading
            }
        }
        await writing
        #expect(expected == (0..<300).reduce(0) { $0 + $1 % 17 })
    }
}
