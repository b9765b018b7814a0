package import MartletCore
package import MartletTransport
internal import NIOCore

/// What a call gets when it asks for a connection.
package enum PickedConnection {
    /// It takes calls. The call has an observer by then, if the source observes its calls.
    case connection(ClientConnection)
    /// There is none at the moment.
    case none
    /// The call isn't to be made.
    case rejected(RPCError)
}

/// What has connections for a channel's calls: one server, or many endpoints to choose from.
package protocol ConnectionSource: CallPlacer {
    var executor: LoopExecutor { get }

    /// A connection for a call.
    func connection(for call: OutgoingCall) -> PickedConnection

    /// A connection that had ``ClientConnection/Start/full`` for a call that it may make elsewhere by now.
    func connectionIsFull(_ connection: ClientConnection)

    /// Resolves the waiter when there may be a connection, or with why there is none. Connects if nobody does.
    ///
    /// - Parameter waitsForReady: Whether failed attempts are to be waited out.
    func waitForConnection(_ waiter: Waiter, waitsForReady: Bool)

    var statistics: ChannelStatistics { get }

    /// Takes no more calls and lets those under way finish.
    ///
    /// - Parameters:
    ///   - grace: How long they may take; nil without end.
    ///   - whenClosed: Runs once, when no connection is left.
    func shutDown(grace: Duration?, whenClosed: @escaping @Sendable () -> Void)
}

extension ConnectionSource {
    /// Bytes of one stream's messages that may be under way or unread.
    package var streamWindow: Int { 256 << 10 }

    package func tryPlace(_ call: OutgoingCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
        guard case .connection(let connection) = connection(for: call) else { return false }
        if connection.tryStart(call, size: size, write) { return true }
        call.takeObserver()?.callWasNotPlaced()
        return false
    }

    package func place<Request: Message>(_ call: OutgoingCall, _ request: Request?) {
        place(call, request, on: nil)
    }

    package func place<Request: Message>(_ call: OutgoingCall, _ request: Request?, after delay: Duration) {
        let waiter = waiter(for: call, stage: "before it was made again") { _ in self.place(call, request) }
        executor.loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) { _ = waiter.resolve(.goOn) }
    }

    package var uptimeNanoseconds: UInt64 { executor.uptimeNanoseconds }

    /// Finds a connection with room and makes the call on it, now or as soon as there is one. As long as nothing was
    /// sent, it tries the next.
    ///
    /// - Parameter reserved: Where the call has waited for room.
    private func place<Request: Message>(
        _ call: OutgoingCall, _ request: Request?, on reserved: ClientConnection?
    ) {
        var reserved = reserved
        while true {
            let connection: ClientConnection
            switch reserved.map(PickedConnection.connection) ?? self.connection(for: call) {
            case .connection(let picked): connection = picked
            case .rejected(let error): return call.end(error, dropsMessages: true)
            case .none:
                let waiter = waiter(for: call, stage: "before there was a connection for it") { _ in
                    self.place(call, request)
                }
                return waitForConnection(waiter, waitsForReady: call.options.waitsForReady)
            }
            switch connection.start(call, request, hasReservation: reserved != nil) {
            case .done:
                return
            case .refused:
                call.takeObserver()?.callWasNotPlaced()
                connection.observer.connectionDraining(connection)
                reserved = nil
            case .full:
                connectionIsFull(connection)
                let waiter = waiter(for: call, stage: "while it waited for room on the connection") { isReserved in
                    if !isReserved { call.takeObserver()?.callWasNotPlaced() }
                    self.place(call, request, on: isReserved ? connection : nil)
                }
                return connection.waitForRoom(waiter)
            }
        }
    }

    /// A waiter that gives up at the call's deadline and when the call is cancelled.
    ///
    /// - Parameter goOn: Told whether what was waited for is there.
    private func waiter(
        for call: OutgoingCall, stage: String, _ goOn: @escaping @Sendable (Bool) -> Void
    ) -> Waiter {
        let waiter = Waiter { outcome in
            switch outcome {
            case .goOn: goOn(true)
            case .lookElsewhere: goOn(false)
            case .failed(let error): call.end(error, dropsMessages: true)
            }
        }
        if let deadline = call.deadline {
            waiter.expire(at: deadline, on: executor.loop) { call.expiredError(stage: stage) }
        }
        call.wait(with: waiter)
        return waiter
    }
}
