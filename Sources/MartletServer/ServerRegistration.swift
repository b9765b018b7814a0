/// Makes a server known to those who look for it, such as MartletDiscovery's `Registration`; for
/// ``ServerConfiguration/registrations``.
public protocol ServerRegistration: Sendable {
    /// The server listens, and answers calls. It says that it is ready when this returns, or when it has taken
    /// ``ServerConfiguration/registrationTimeout``: then it is cancelled, and may go on by itself.
    ///
    /// What it throws, `run()` throws: for what trying again doesn't mend.
    ///
    /// - Parameter addresses: With the ports that the system chose.
    func serverListens(on addresses: [ListenAddress]) async throws

    /// The server shuts down. Its services know; it answers calls until this returns, or has taken
    /// ``ServerConfiguration/registrationTimeout``, and for ``ServerConfiguration/drainDelay`` after it. Comes once,
    /// after ``serverListens(on:)`` has returned or was cancelled.
    func serverLeaves() async
}
