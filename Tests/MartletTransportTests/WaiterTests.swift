import MartletCore
import MartletTransport
import Testing

@Suite struct WaiterTests {
    @Test func onlyTheFirstOutcomeCounts() async {
        let waiter = Waiter()
        #expect(waiter.resolve(.goOn))
        #expect(!waiter.resolve(.failed(RPCError(.cancelled, "late"))))
        guard case .goOn = await waiter.outcome() else {
            Issue.record("the second outcome replaced the first")
            return
        }
    }

    @Test func anOutcomeMayComeWhileWaiting() async throws {
        let waiter = Waiter()
        async let outcome = waiter.outcome()
        await Task.yield()
        waiter.resolve(.failed(RPCError(.unavailable, "gone")))
        guard case .failed(let error) = await outcome else {
            Issue.record("no failure")
            return
        }
        #expect(error.message == "gone")
    }

    @Test func aQueueSkipsThoseThatGaveUp() {
        var queue = WaiterQueue()
        let waiters = (0..<5).map { _ in Waiter() }
        for waiter in waiters { queue.append(waiter) }
        waiters[0].resolve(.goOn)
        waiters[2].resolve(.goOn)
        #expect(queue.popFirst() === waiters[1])
        #expect(queue.popFirst() === waiters[3])
        #expect(!queue.isEmpty)
        waiters[4].resolve(.goOn)
        #expect(queue.isEmpty)
        #expect(queue.popFirst() == nil)
    }

    @Test func thoseThatGaveUpDoNotPileUp() {
        var queue = WaiterQueue()
        for _ in 0..<10_000 {
            let waiter = Waiter()
            queue.append(waiter)
            waiter.resolve(.goOn)
        }
        #expect(queue.removeAll().count <= 64)
    }
}
