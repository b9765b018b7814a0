internal import MartletTransport
internal import NIOCore

/// One connection of a test's network: carries its signals with delay, in pieces, or not at all.
///
/// Unchecked: everything happens on the thread of the network's time.
final class Link: InProcessCourier, @unchecked Sendable {
    private struct Direction {
        /// When the last piece has left, in nanoseconds.
        var isFreeAt: UInt64 = 0
        var lastArrival: UInt64 = 0
        var sentBytes = 0
    }

    let name: String
    let server: String
    private let core: NetworkCore
    private var toServer = Direction()
    private var toClient = Direction()
    private var isBroken = false
    private(set) var ends: (client: InProcessChannel, server: InProcessChannel)!

    init(core: NetworkCore, name: String, server: String) {
        self.core = core
        self.name = name
        self.server = server
    }

    func connect(_ client: VirtualEventLoop, _ server: any EventLoop) {
        ends = InProcessChannel.pair((loop: client, name: name), (loop: server, name: self.server), courier: self)
    }

    func carry(_ signal: InProcessSignal, to receiver: InProcessChannel) {
        if receiver === ends.server {
            send(signal, to: receiver, &toServer)
        } else {
            send(signal, to: receiver, &toClient)
        }
    }

    private func send(_ signal: InProcessSignal, to receiver: InProcessChannel, _ direction: inout Direction) {
        guard case .bytes(var bytes) = signal else {
            return deliver(signal, to: receiver, size: 0, &direction)
        }
        let conditions = core.conditions(of: server)
        while let size = nextPiece(of: bytes, after: direction.sentBytes, conditions) {
            deliver(.bytes(bytes.readSlice(length: size)!), to: receiver, size: size, &direction)
            direction.sentBytes += size
        }
    }

    private func nextPiece(of bytes: ByteBuffer, after sentBytes: Int, _ conditions: LinkConditions) -> Int? {
        guard bytes.readableBytes > 0 else { return nil }
        var size = bytes.readableBytes
        if let sizes = conditions.pieceSizes { size = min(size, core.random { .random(in: sizes, using: &$0) }) }
        if let cut = conditions.cut, cut > sentBytes { size = min(size, cut - sentBytes) }
        return size
    }

    private func deliver(
        _ signal: InProcessSignal, to receiver: InProcessChannel, size: Int, _ direction: inout Direction
    ) {
        let conditions = core.conditions(of: server)
        let sending = conditions.bytesPerSecond.map { UInt64(size) * 1_000_000_000 / UInt64(max($0, 1)) } ?? 0
        direction.isFreeAt = max(direction.isFreeAt, core.time.now) + sending
        let latency = core.random { $0.duration(in: conditions.latency) }
        direction.lastArrival = max(direction.lastArrival, direction.isFreeAt + latency)
        let breaks = size > 0 && core.random { $0.happens(conditions.resetChance) }
        core.time.schedule(at: direction.lastArrival, on: receiver.eventLoop as! VirtualEventLoop) { [self] in
            core.unlessPartitioned(server, on: receiver.eventLoop as! VirtualEventLoop) { [self] in
                if breaks { reset() } else { arrive(signal, at: receiver) }
            }
        }
    }

    private func arrive(_ signal: InProcessSignal, at receiver: InProcessChannel) {
        guard !isBroken else { return }
        let side = receiver === ends.server ? server : name
        switch signal {
        case .bytes(let bytes): core.note("\(name)-\(server): \(bytes.readableBytes) bytes reach \(side)")
        case .end: core.note("\(name)-\(server): the end reaches \(side)")
        case .closed: core.note("\(name)-\(server): the closing reaches \(side)")
        case .taken, .reset: break
        }
        receiver.arrive(signal)
    }

    /// Breaks the connection at both ends.
    func reset() {
        guard !isBroken else { return }
        isBroken = true
        core.note("\(name)-\(server): reset")
        for end in [ends.client, ends.server] {
            (end.eventLoop as! VirtualEventLoop).execute { end.arrive(.reset) }
        }
    }
}
