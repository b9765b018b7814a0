internal import MartletCore
internal import MartletTransport
internal import NIOCore

extension ListenAddress {
    /// Starts to listen.
    ///
    /// - Returns: The address with what the system chose, and what stops the listening.
    func listen(
        group: any EventLoopGroup, setup: Listener.Setup
    ) async throws(RPCError) -> (address: ListenAddress, listener: Listener) {
        switch kind {
        case .tcp(let host, let port, let security):
            guard (0...65535).contains(port) else {
                throw RPCError(.invalidArgument, "cannot listen on \(self): a port is a number from 0 to 65535")
            }
            let (listener, bound) = try await Listener.bind(
                host: host, port: port, security: security, group: group, setup: setup)
            return (.tcp(bound.host, bound.port, security: security), listener)
        case .unix(let address, let mode):
            return (self, try await Listener.listen(on: address, mode: mode, group: group, setup: setup))
        case .inProcess(let transport):
            return (self, try Listener.listen(on: transport, group: group, setup: setup))
        }
    }
}
