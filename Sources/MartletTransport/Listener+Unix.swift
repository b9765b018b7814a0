package import MartletCore
package import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

extension Listener {
    /// Listens on a Unix-domain socket, whose file it removes when it stops.
    ///
    /// A socket's file on which nobody listens, as a server that was killed leaves it, is replaced.
    ///
    /// - Parameter mode: The file's permissions, such as 0o660; who may write may connect. Nil: as the process's umask
    ///   has it.
    /// - Throws: INVALID_ARGUMENT for an address that can't be; UNAVAILABLE that names the address and the cause.
    package static func listen(
        on address: UnixAddress, mode: UInt16?, group: any EventLoopGroup, setup: Setup
    ) async throws(RPCError) -> Listener {
        if let problem = address.problem {
            throw RPCError(.invalidArgument, "cannot listen on \(address): \(problem)")
        }
        let descriptor: Int32
        let file: SocketFile?
        if case .file(let path) = address { try SocketFile.removeStale(path: path) }
        do throws(IOError) {
            (descriptor, file) = try bind(to: address, mode: mode)
        } catch {
            throw cannotListen(on: address, error)
        }
        do {
            let channel = try await ServerBootstrap(group: group)
                .childChannelOption(.recvAllocator, value: firstRead)
                .childChannelInitializer { channel in
                    channel.unixCredentials.flatMapThrowing { credentials in
                        try setup.addConnection(
                            to: channel, peer: Peer(address: "\(address)", unixCredentials: credentials))
                    }
                }
                .withBoundSocket(descriptor).get()
            // NIO's default is 128, and it doesn't ask for another with a socket that is bound.
            try setBacklog(1024, of: descriptor)
            return Listener {
                file?.remove()
                return stop(channel)
            }
        } catch {
            file?.remove()
            throw cannotListen(on: address, error)
        }
    }

    /// Binds a new socket. Nobody can connect before it listens, so the file's permissions hold from the start.
    private static func bind(to address: UnixAddress, mode: UInt16?) throws(IOError) -> (Int32, SocketFile?) {
        let socket = try UnixSocket()
        try socket.bind(to: address)
        guard case .file(let path) = address else { return (socket.release(), nil) }
        let file = try SocketFile(path: path)
        if let mode {
            do throws(IOError) { try check(chmod(path, mode_t(mode)), "chmod") } catch {
                file.remove()
                throw error
            }
        }
        return (socket.release(), file)
    }

    private static func cannotListen(on address: UnixAddress, _ cause: any Error) -> RPCError {
        RPCError(.unavailable, "cannot listen on \(address): \(causeText(cause))")
    }
}
