internal import MartletCore

/// Runs a check again and again, one run at a time.
struct CheckLoop: Sendable {
    let interval: Duration
    let timeout: Duration
    let clock: any Clock<Duration>
    let body: @Sendable () async throws -> Void

    /// Goes on until its task is cancelled.
    ///
    /// - Parameter report: Told the outcome of each run.
    func run(_ report: @Sendable (CheckOutcome) -> Void) async {
        while !Task.isCancelled {
            let outcome = Eventually<CheckOutcome>()
            let run = Task { [body] in
                do {
                    try await body()
                    outcome.resolve(.passed)
                } catch { outcome.resolve(.failed(error)) }
            }
            let timer = Task { [clock, timeout] in
                try? await clock.sleep(for: timeout)
                outcome.resolve(.timedOut(timeout))
            }
            let result = await withTaskCancellationHandler {
                await outcome.value()
            } onCancel: { [timeout] in
                outcome.resolve(.timedOut(timeout))
            }
            timer.cancel()
            run.cancel()
            report(result)
            // One that ignores its cancellation keeps the next from beginning.
            await run.value
            do { try await clock.sleep(for: interval) } catch { return }
        }
    }
}
