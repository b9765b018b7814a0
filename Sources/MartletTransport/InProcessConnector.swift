package import NIOCore

/// Connects to the server that listens on an in-process transport.
package struct InProcessConnector: Connector {
    private let transport: InProcessTransport

    package init(_ transport: InProcessTransport) { self.transport = transport }

    package func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        loop.submit { try connect(on: loop, prepare: prepare) }
    }

    private func connect(on loop: any EventLoop, prepare: (any Channel) throws -> Void) throws {
        guard let acceptor = transport.currentAcceptor() else { throw NobodyListens(transport: transport) }
        let ends = InProcessChannel.pair(
            (loop: loop, name: "\(transport)"), (loop: acceptor.loop(for: loop), name: "\(transport)"))
        do { try prepare(ends.0) } catch {
            ends.0.close(promise: nil)
            throw error
        }
        if ends.1.eventLoop === loop {
            acceptor.open(ends.1)
        } else {
            ends.1.eventLoop.execute { acceptor.open(ends.1) }
        }
        ends.0.activate()
    }

    private struct NobodyListens: Error, CustomStringConvertible {
        let transport: InProcessTransport

        var description: String { "no server listens on \(transport)" }
    }
}
