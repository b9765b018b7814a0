internal import Logging
internal import MartletCore
internal import MartletWire
internal import NIOCore

// MARK: - What comes with time

extension ServerConnection {
    /// To be called when something may have become due earlier than before.
    func armLifecycleTimer() {
        let next = lifecycle.next
        guard next != .max else { return }
        lifecycleTimer.arm(at: next, on: executor.loop) {
            self.lifecycleTimer.fired()
            let now = self.executor.uptimeNanoseconds
            while self.phase != .closed, let action = self.lifecycle.due(now) { self.perform(action) }
            if self.phase != .closed { self.armLifecycleTimer() }
        }
    }

    func perform(_ action: ConnectionLifecycle.Action) {
        switch action {
        case .ping(let number):
            if !withOutput({ wire, output in wire.ping(number, into: &output) }) { beSilent() }
        case .drain(let reason): drain(reason: reason)
        case .endCalls(let reason): close(reason: reason)
        case .close(let code, let text):
            withOutput { wire, output in wire.goAway(code: code, text: text, into: &output) }
            logger.info("connection closed", metadata: ["peer": "\(peer)", "reason": "\(text)"])
            startClosing()
        case .abort(let reason):
            logger.info("connection closed", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
            context?.close(promise: nil)
        }
    }
}

extension ServerConnection {
    /// The client was silent, and its wire has no pings. What is over HTTP/1.1 is over when no request is under way, as
    /// with all its servers: its clients make new connections by themselves.
    private func beSilent() {
        guard wire.isHTTP1 else { return lifecycle.cannotPing() }
        lifecycle.received(now: executor.uptimeNanoseconds)
        if calls.isEmpty, routeCalls.isEmpty, !wire.isReceiving { drain(reason: "the client was silent") }
    }
}

// MARK: - The end

extension ServerConnection {
    /// Accepts no more calls and closes when the open ones have ended. On the loop only.
    package func drain(reason: String) {
        guard phase == .open else { return }
        phase = .draining
        lifecycle.drained()
        withOutput { wire, output in wire.goAway(code: .ok, text: reason, into: &output) }
        closeIfDrained()
    }

    /// Cancels the open calls, which end with UNAVAILABLE, and closes. On the loop only.
    package func close(reason: String) {
        for (_, call) in calls.entries {
            let error = RPCError(.unavailable, reason)
            fail(call, with: error, .cancelled(.shutdown, error))
        }
        endRoutes(reason: reason)
        startClosing()
    }

    func lastCallEnded() {
        if configuration.times.idle != nil {
            lifecycle.callsEnded(now: executor.nanosecondsThisTurn)
            armLifecycleTimer()
        }
        closeIfDrained()
    }

    func closeIfDrained() {
        if phase == .draining, calls.isEmpty, routeCalls.isEmpty, !wire.hasQueued { startClosing() }
    }

    /// The wire has said its last words by itself.
    func end() {
        guard phase == .open || phase == .draining else { return }
        if let complaint = wire.complaint {
            logger.info(
                "connection closed for a protocol error", metadata: ["peer": "\(peer)", "error": "\(complaint)"])
        }
        startClosing()
    }

    func startClosing() {
        guard phase == .open || phase == .draining else { return }
        phase = .closing
        lifecycle.closing(now: executor.nanosecondsThisTurn)
        armLifecycleTimer()
        planFlush()
    }

    /// All is said: lets the client close, so that the last words aren't lost to a reset.
    func linger(_ context: ChannelHandlerContext) {
        phase = .lingering
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        executor.loop.scheduleTask(in: .nanoseconds(configuration.lingerTime.nanoseconds)) {
            channel.close(promise: nil)
        }
    }
}
