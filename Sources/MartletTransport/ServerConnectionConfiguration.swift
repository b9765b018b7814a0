package import MartletCore
package import MartletWire

/// What a server allows one connection.
package struct ServerConnectionConfiguration: Sendable {
    package var limits = WireLimits()

    package var times = ConnectionTimes()

    /// Output, in bytes, beyond which no more requests are read until the client takes some. On a wire without flow
    /// control the same holds for messages that handlers haven't taken. Default 1 MiB.
    package var maxQueuedBytes = 1 << 20

    /// How long a connection that has said its last word waits for the client to close. Default 1 s.
    package var lingerTime: Duration = .seconds(1)

    /// The largest message accepted, in bytes, once it is decompressed. Default 4 MiB.
    package var maxMessageBytes = 4 << 20

    /// What is told of handlers that hold the loop. Default: nobody.
    package var watch: HoldWatch?

    /// What is answered over HTTP beside the methods, by path. Default: nothing.
    package var httpRoutes: [String: HTTPRoute] = [:]

    package init() {}
}

extension Duration {
    /// Whole nanoseconds, at most `Int64.max` (292 years).
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? .max : sum
    }
}
