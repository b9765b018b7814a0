import MartletCore
import MartletTransport
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@Suite struct WaiterTests {
    private final class Told: Sendable {
        let outcomes = Mutex<[String]>([])

        func waiter() -> Waiter {
            Waiter { outcome in
                self.outcomes.withLock {
                    switch outcome {
                    case .goOn: $0.append("go on")
                    case .lookElsewhere: $0.append("look elsewhere")
                    case .failed(let error): $0.append(error.message)
                    }
                }
            }
        }

        var all: [String] { outcomes.withLock { $0 } }
    }

    @Test func onlyTheFirstOutcomeCounts() {
        let told = Told()
        let waiter = told.waiter()
        #expect(waiter.resolve(.goOn))
        #expect(!waiter.resolve(.failed(RPCError(.cancelled, "late"))))
        #expect(told.all == ["go on"])
    }

    @Test func theTimeMayEndTheWaiting() {
        let loop = EmbeddedEventLoop()
        let told = Told()
        let waiters = [told.waiter(), told.waiter()]
        for waiter in waiters { waiter.expire(at: 1_000_000, on: loop) { RPCError(.deadlineExceeded, "over") } }
        loop.advanceTime(by: .microseconds(999))
        #expect(told.all == [])
        waiters[0].resolve(.goOn)
        loop.advanceTime(by: .microseconds(1))
        #expect(told.all == ["go on", "over"])
    }

    @Test func aQueueSkipsThoseThatGaveUp() {
        var queue = WaiterQueue()
        let waiters = (0..<5).map { _ in Waiter { _ in } }
        for waiter in waiters { queue.append(waiter) }
        waiters[0].resolve(.goOn)
        waiters[2].resolve(.goOn)
        #expect(queue.count == 3)
        #expect(queue.popFirst() === waiters[1])
        #expect(queue.popFirst() === waiters[3])
        #expect(!queue.isEmpty)
        #expect(!queue.isUsedUp)
        waiters[4].resolve(.goOn)
        #expect(queue.isEmpty)
        #expect(!queue.isUsedUp)
        #expect(queue.popFirst() == nil)
        #expect(queue.isUsedUp)
    }

    @Test func thoseThatGaveUpDoNotPileUp() {
        var queue = WaiterQueue()
        for _ in 0..<10_000 {
            let waiter = Waiter { _ in }
            queue.append(waiter)
            waiter.resolve(.goOn)
        }
        #expect(queue.removeAll().count <= 64)
    }
}
