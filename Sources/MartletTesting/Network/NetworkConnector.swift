internal import MartletTransport
internal import NIOCore

/// Connects over a test's network.
struct NetworkConnector: Connector {
    let core: NetworkCore
    /// Who connects, for the log.
    let client: String
    let server: String

    func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        let loop = loop as! VirtualEventLoop
        let promise = loop.makePromise(of: Void.self)
        loop.execute { connect(on: loop, timeout: timeout, prepare: prepare, promise) }
        return promise.futureResult
    }

    private func connect(
        on loop: VirtualEventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void,
        _ promise: EventLoopPromise<Void>
    ) {
        let conditions = core.conditions(of: server)
        let name = core.newConnectionName(of: client)
        core.note("\(name)-\(server): connects")
        let isRefused = core.random { $0.happens(conditions.refusalChance) }
        let roundTrip = core.random { $0.duration(in: conditions.latency) + $0.duration(in: conditions.latency) }
        let attempt = Attempt()
        let expiry = loop.scheduleTask(in: .nanoseconds(timeout.nanoseconds)) {
            attempt.isOver = true
            core.note("\(name)-\(server): the attempt timed out")
            promise.fail(Failure(description: "no answer in \(timeout)"))
        }
        core.time.schedule(at: core.time.now + roundTrip, on: loop) {
            core.unlessPartitioned(server, on: loop) {
                guard !attempt.isOver else { return }
                expiry.cancel()
                promise.completeWith(Result { try open(name, on: loop, isRefused: isRefused, prepare) })
            }
        }
    }

    private func open(
        _ name: String, on loop: VirtualEventLoop, isRefused: Bool, _ prepare: (any Channel) throws -> Void
    ) throws {
        guard !isRefused, let acceptor = core.transport(of: server).currentAcceptor() else {
            core.note("\(name)-\(server): refused")
            throw Failure(description: "\(server) refused the connection")
        }
        let link = Link(core: core, name: name, server: server)
        link.connect(loop, acceptor.loop(for: loop))
        core.add(link)
        core.note("\(name)-\(server): connected")
        do { try prepare(link.ends.client) } catch {
            link.ends.client.close(promise: nil)
            throw error
        }
        let end = link.ends.server
        end.eventLoop.execute { acceptor.open(end) }
        link.ends.client.activate()
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Unchecked: touched on the client's loop only.
    private final class Attempt: @unchecked Sendable {
        var isOver = false
    }
}
