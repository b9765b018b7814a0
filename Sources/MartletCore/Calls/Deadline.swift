/// The instant by which a call must have ended, on the clock of the event loop that watches it.
public struct Deadline: Sendable {
    package let uptimeNanoseconds: UInt64
    package let clock: any UptimeClock

    package init(uptimeNanoseconds: UInt64, clock: any UptimeClock) {
        self.uptimeNanoseconds = uptimeNanoseconds
        self.clock = clock
    }

    /// The time left; zero once the deadline has passed.
    public var remaining: Duration {
        let now = clock.uptimeNanoseconds
        return now < uptimeNanoseconds ? .nanoseconds(uptimeNanoseconds - now) : .zero
    }
}

/// A clock that never goes back. Calls take it from their event loop, so that tests can run on virtual time.
package protocol UptimeClock: AnyObject, Sendable {
    /// Nanoseconds since some fixed instant. Safe to read on any thread.
    var uptimeNanoseconds: UInt64 { get }
}
