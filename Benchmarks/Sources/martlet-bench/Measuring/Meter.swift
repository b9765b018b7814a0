/// Time and CPU of the measured phase.
struct Meter {
    private let server: ProcessFigures?
    private let start = monotonicNanoseconds()
    private let clientCPUAtStart = cpuSeconds()
    private let serverCPUAtStart: Double

    /// Starts.
    ///
    /// - Parameter server: Nil if its process isn't known.
    init(server: ProcessFigures?) {
        self.server = server
        serverCPUAtStart = server?.cpuSeconds ?? 0
    }

    /// What has passed since the start.
    func read() -> Reading {
        Reading(
            seconds: Double(monotonicNanoseconds() - start) * 1e-9, clientCPU: cpuSeconds() - clientCPUAtStart,
            server: server.map { ($0.cpuSeconds - serverCPUAtStart, $0.peakResidentKiB) })
    }

    struct Reading {
        let seconds: Double
        let clientCPU: Double
        let server: (cpu: Double, peakKiB: Int)?
    }
}
