internal import Dispatch
internal import NIOCore

/// An event loop on virtual time. All loops of one time share a thread.
final class VirtualEventLoop: EventLoop {
    let time: VirtualTime

    init(_ time: VirtualTime) { self.time = time }

    var inEventLoop: Bool { time.isRunning(self) }

    var now: NIODeadline { .uptimeNanoseconds(time.now) }

    func execute(_ task: @escaping @Sendable () -> Void) { time.schedule(at: time.now, on: self, task) }

    @discardableResult
    func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        let entry = time.schedule(at: deadline.uptimeNanoseconds, on: self) {
            do { promise.assumeIsolated().succeed(try task()) } catch { promise.fail(error) }
        }
        return Scheduled(promise: promise, cancellationTask: { [time] in time.cancel(entry) })
    }

    @discardableResult
    func scheduleTask<T>(in delay: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: now + delay, task)
    }

    func makeIterator() -> EventLoopIterator { EventLoopIterator([self]) }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        queue.async { callback(nil) }
    }
}
