internal import MartletCore
internal import MartletWire
internal import NIOCore

extension ServerConnection {
    /// Accepts no more calls and closes when the open ones have ended. On the loop only.
    package func drain() {
        guard phase == .open else { return }
        phase = .draining
        withOutput { wire, output in wire.goAway(code: .ok, text: "the server is shutting down", into: &output) }
        closeIfDrained()
    }

    /// Cancels the open calls and closes. On the loop only.
    package func close() {
        for (_, call) in calls.entries {
            let error = RPCError(.unavailable, "the server shut down before the call had ended")
            fail(call, with: error, .cancelled(.shutdown, error))
        }
        startClosing()
    }

    func closeIfDrained() {
        if phase == .draining, calls.isEmpty, !wire.hasQueued { startClosing() }
    }

    func startClosing() {
        guard phase == .open || phase == .draining else { return }
        phase = .closing
        planFlush()
    }

    func linger(_ context: ChannelHandlerContext) {
        phase = .lingering
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        executor.loop.scheduleTask(in: .nanoseconds(configuration.lingerTime.nanoseconds)) {
            channel.close(promise: nil)
        }
    }
}
