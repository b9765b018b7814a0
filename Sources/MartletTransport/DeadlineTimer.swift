internal import NIOCore

/// One timer of an event loop for all deadlines of a connection, set to the earliest. On the loop only.
struct DeadlineTimer {
    private var armed: (nanoseconds: UInt64, task: Scheduled<Void>)?

    /// Makes sure that `expire` runs at that time, on the loop's clock, or earlier.
    mutating func arm(at nanoseconds: UInt64, on loop: any EventLoop, _ expire: @escaping @Sendable () -> Void) {
        if let armed {
            guard nanoseconds < armed.nanoseconds else { return }
            armed.task.cancel()
        }
        let task = loop.scheduleTask(deadline: .uptimeNanoseconds(min(nanoseconds, UInt64(Int64.max))), expire)
        armed = (nanoseconds, task)
    }

    /// To be called when it has fired.
    mutating func fired() { armed = nil }

    mutating func cancel() {
        armed?.task.cancel()
        armed = nil
    }
}
