package import MartletCore
internal import MartletTransport
package import NIOCore

extension EventLoop {
    /// Waits until `waiter` is resolved, the task is cancelled or the time has come.
    ///
    /// - Parameter deadline: In nanoseconds of the loop's clock. Nil: never.
    package func wait(for waiter: Eventually<Void>, until deadline: UInt64? = nil) async {
        let timer = deadline.map { deadline in
            scheduleTask(deadline: .uptimeNanoseconds(deadline)) { _ = waiter.resolve(()) }
        }
        await withTaskCancellationHandler {
            await waiter.value()
        } onCancel: {
            waiter.resolve(())
        }
        timer?.cancel()
    }
}
