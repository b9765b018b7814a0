public import MartletClient
internal import MartletCore
internal import MartletServer
internal import NIOCore

/// Where a server tells others that it can be reached.
public enum AdvertisedAddresses: Sendable, Hashable {
    /// Where it listens. For one that listens on every address of its machine (`0.0.0.0`, `::`) that is the first of
    /// them that other machines can reach, or else the loopback address.
    case own
    /// A name or address of the machine, with the ports that the server listens on.
    case host(String)
    /// Exactly these, such as those of a proxy in front of it.
    case exactly([EndpointAddress])

    /// - Parameter listening: The server's addresses. Those within a process can't be told to others.
    func resolved(for listening: [ListenAddress]) -> [EndpointAddress] {
        switch self {
        case .own:
            listening.compactMap { address in
                let host = Self.everywhere[address.host].map { ownHost(preferring: $0) } ?? address.host
                return endpoint(of: address, host: host)
            }
        case .host(let host): listening.compactMap { endpoint(of: $0, host: host) }
        case .exactly(let addresses): addresses
        }
    }

    /// The addresses that stand for all of the machine's, and their family.
    private static let everywhere: [String: NIOBSDSocket.ProtocolFamily] = ["0.0.0.0": .inet, "::": .inet6]

    private func endpoint(of address: ListenAddress, host: String) -> EndpointAddress? {
        address.port > 0 ? .tcp(host, address.port) : try? EndpointAddress(address.description)
    }

    /// A socket that listens on `::` takes IPv4 too, as a rule.
    private func ownHost(preferring family: NIOBSDSocket.ProtocolFamily) -> String {
        let addresses = ((try? System.enumerateDevices()) ?? []).compactMap(\.address).filter(\.isReachable)
        let families = family == .inet ? [family] : [family, .inet]
        for family in families {
            if let host = addresses.first(where: { $0.protocol == family })?.ipAddress { return host }
        }
        return family == .inet ? "127.0.0.1" : "::1"
    }
}

extension SocketAddress {
    /// Whether other machines can use it: neither loopback nor only of one link (RFC 3927, RFC 4291).
    fileprivate var isReachable: Bool {
        guard let text = ipAddress else { return false }
        return switch self {
        case .v4: !text.hasPrefix("127.") && !text.hasPrefix("169.254.")
        case .v6: text != "::1" && !text.lowercased().hasPrefix("fe80:")
        case .unixDomainSocket: false
        }
    }
}
