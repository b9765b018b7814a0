package import MartletCore
package import MartletTransport
internal import NIOCore

extension LoopExecutor {
    /// Waits on the loop's clock, until the task is cancelled at the latest.
    func sleep(for duration: Duration) async {
        if duration > .zero { await wait(for: Eventually(), atMost: duration) }
    }

    /// Waits for a signal, as long as the time on the loop's clock isn't over and the task isn't cancelled.
    package func wait(for signal: Eventually<Void>, atMost duration: Duration?) async {
        let timer = duration.map { duration in
            loop.scheduleTask(in: .nanoseconds(duration.nanoseconds)) { _ = signal.resolve(()) }
        }
        await withTaskCancellationHandler {
            await signal.value()
        } onCancel: {
            signal.resolve(())
        }
        timer?.cancel()
    }
}
