/// How many calls may be open so that their latency stays near what it is without a queue: a state machine without clock.
///
/// After each window it compares the window's average latency with the best one, shrinks the limit as the former exceeds
/// the latter, and lets it grow by its square root otherwise (the idea is that of TCP Vegas, and of Netflix's
/// concurrency-limits). While less than half of the limit is used, it doesn't grow.
///
/// The best latency becomes worse only by windows with few calls open: those of a limit that isn't used or is as small as
/// can be. Every hundredth window has half of the limit, so that a queue that was there from the beginning isn't taken for
/// the way it is.
struct AdaptiveLimit: Sendable {
    struct Bounds: Sendable {
        var least: Int
        var most: Int
        var initial: Int
        /// How much latency may rise before the limit shrinks, such as 1.5.
        var tolerance: Double
        /// In seconds.
        var window: Double
    }

    private let bounds: Bounds
    private var exactLimit: Double
    /// In seconds; 0 until the first window has ended.
    private var best = 0.0
    private var windows = 0
    private var windowEnd = 0.0
    private var sum = 0.0
    private var count = 0
    private var most = 0

    /// Samples without which a window goes on.
    private static let leastSamples = 10
    /// What one window with few calls counts in the best latency.
    private static let share = 0.1
    private static let windowsPerProbe = 100
    /// What one window changes of the limit.
    private static let smoothing = 0.2

    init(_ bounds: Bounds) {
        self.bounds = bounds
        exactLimit = Double(min(max(bounds.initial, bounds.least), bounds.most))
    }

    var limit: Int {
        let isProbe = windows > 0 && windows % Self.windowsPerProbe == 0
        return isProbe ? max(bounds.least, Int(exactLimit / 2)) : Int(exactLimit)
    }

    /// A call has ended.
    ///
    /// - Parameters:
    ///   - latency: In seconds.
    ///   - openCalls: With it.
    ///   - now: In seconds.
    mutating func callEnded(latency: Double, openCalls: Int, now: Double) {
        if windowEnd == 0 { windowEnd = now + bounds.window }
        sum += latency
        count += 1
        most = max(most, openCalls)
        guard now >= windowEnd, count >= Self.leastSamples else { return }
        endWindow(average: max(sum / Double(count), 1e-9))
        windowEnd = now + bounds.window
        sum = 0
        count = 0
        most = 0
    }

    private mutating func endWindow(average: Double) {
        let wasProbe = limit != Int(exactLimit)
        windows += 1
        let isUsed = Double(most) * 2 >= exactLimit
        if best == 0 || average < best {
            best = average
        } else if !isUsed || exactLimit <= Double(2 * bounds.least) {
            best += Self.share * (average - best)
        }
        guard isUsed, !wasProbe else { return }
        let gradient = min(1, max(0.5, bounds.tolerance * best / average))
        let wanted = exactLimit * gradient + exactLimit.squareRoot()
        exactLimit += Self.smoothing * (wanted - exactLimit)
        exactLimit = min(max(exactLimit, Double(bounds.least)), Double(bounds.most))
    }
}
