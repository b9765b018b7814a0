package import MartletCore
package import NIOCore
private import Synchronization

/// A meeting point for a server and channels of one process: calls take the same path as over a network, without
/// sockets.
///
/// ```swift
/// let users = InProcessTransport("users")
/// let server = RPCServer(services: [Users()], listen: .inProcess(users))
/// let channel = ClientChannel(inProcess: users)
/// ```
///
/// A channel that connects while no server listens is refused, and tries again as it would over a network.
public final class InProcessTransport: Sendable, CustomStringConvertible {
    /// How errors and logs name it.
    public let name: String

    private let acceptor = Mutex<InProcessAcceptor?>(nil)

    /// A meeting place that nobody knows yet. The name is for errors and logs; it needn't be unique.
    public init(_ name: String = "") { self.name = name }

    /// Such as `in-process:users`.
    public var description: String { name.isEmpty ? "in-process" : "in-process:\(name)" }

    /// - Throws: UNAVAILABLE if somebody listens already.
    package func listen(_ acceptor: InProcessAcceptor) throws(RPCError) {
        let isTaken = self.acceptor.withLock { current in
            if current != nil { return true }
            current = acceptor
            return false
        }
        if isTaken {
            throw RPCError(.unavailable, "cannot listen on \(self): another server listens there")
        }
    }

    package func stopListening(_ acceptor: InProcessAcceptor) {
        self.acceptor.withLock { current in
            if current === acceptor { current = nil }
        }
    }

    package func currentAcceptor() -> InProcessAcceptor? { acceptor.withLock { $0 } }
}

extension InProcessTransport: Hashable {
    /// Every transport is its own meeting point, whatever its name.
    public static func == (a: InProcessTransport, b: InProcessTransport) -> Bool { a === b }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Takes the connections of a server that listens in process.
package final class InProcessAcceptor: Sendable {
    private let group: any EventLoopGroup
    private let accept: @Sendable (any Channel) throws -> Void

    /// - Parameter accept: Adds the handlers of a new channel, on its loop.
    package init(group: any EventLoopGroup, accept: @escaping @Sendable (any Channel) throws -> Void) {
        self.group = group
        self.accept = accept
    }

    /// The client's loop where it is one of the server's too, so that a call changes no threads.
    package func loop(for clientLoop: any EventLoop) -> any EventLoop {
        group.makeIterator().contains { $0 === clientLoop } ? clientLoop : group.next()
    }

    /// Opens the server's end. On its loop.
    package func open(_ channel: InProcessChannel) {
        do {
            try accept(channel)
            channel.activate()
        } catch {
            channel.close(promise: nil)
        }
    }
}
