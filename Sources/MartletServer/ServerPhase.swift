internal import MartletTransport

/// How far a server has come.
///
/// ```
///   new → starting → listening ─────────────→ draining
///    │       │           └──→ leaving ───────────↑
///    └───────┴───────────────────────────────────┘
/// ```
struct ServerPhase {
    private enum State {
        case new
        case starting
        case listening([Listener])
        /// Takes calls still, but its services and registrations have been told.
        case leaving([Listener])
        case draining
    }

    /// What a shutdown has to do now.
    enum Step {
        /// They are told that the server will drain; the rest comes later.
        case tellServices
        case drain([Listener], Told)
        case nothing
    }

    /// What the services know of the end when it comes.
    enum Told {
        case nothing
        case willDrain
        /// Whoever starts the server tells them, if he has told them of the start.
        case byStart
    }

    private var state = State.new

    /// False if the server has been started or shut down before.
    mutating func start() -> Bool {
        guard case .new = state else { return false }
        state = .starting
        return true
    }

    /// False if it has been shut down meanwhile: then the listeners are the caller's to close.
    mutating func listen(_ listeners: [Listener]) -> Bool {
        guard case .starting = state else { return false }
        state = .listening(listeners)
        return true
    }

    /// - Parameter waits: Whether the server goes on taking calls for a while.
    mutating func shutDown(waits: Bool) -> Step {
        switch state {
        case .listening(let listeners) where waits:
            state = .leaving(listeners)
            return .tellServices
        case .leaving where waits, .draining: return .nothing
        case .listening(let listeners):
            state = .draining
            return .drain(listeners, .nothing)
        case .leaving(let listeners):
            state = .draining
            return .drain(listeners, .willDrain)
        case .new, .starting:
            state = .draining
            return .drain([], .byStart)
        }
    }
}
