internal import MartletCore
internal import NIOPosix

/// `dns:///HOST:PORT`: an endpoint for each address of a host (A and AAAA). `dns://SERVER:PORT/HOST:PORT` asks that
/// server instead of the system's.
struct DNSResolver: Resolver {
    let scheme = "dns"
    let settings: DNSSettings

    func check(_ target: ResolverTarget) throws(RPCError) {
        _ = try target.dnsServer()
        _ = try hostAndPort(of: target)
    }

    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        // Checked when the channel was made.
        guard let client = try? DNSClient(server: target.dnsServer()), let (host, port) = try? hostAndPort(of: target)
        else { return }
        await repeatedly(target, updates, settings) {
            let addresses = try client.addresses(of: host)
            let config = settings.usesServiceConfig ? try client.serviceConfig(of: host) : nil
            return Resolution(
                endpoints: addresses.map { Endpoint(address: $0, port: port, authority: target.name) },
                serviceConfig: config)
        }
    }

    private func hostAndPort(of target: ResolverTarget) throws(RPCError) -> (host: String, port: Int) {
        try EndpointAddress.hostAndPort(target.name[...]) { what in
            RPCError(.invalidArgument, "target \"\(target)\": \(what); write it as dns:///HOST:PORT")
        }
    }
}

/// `srv:///NAME`: an endpoint for each address that the SRV records of a name lead to, with their priorities and weights
/// (RFC 2782), such as `srv:///_grpc._tcp.users.internal`.
struct SRVResolver: Resolver {
    let scheme = "srv"
    let settings: DNSSettings

    func check(_ target: ResolverTarget) throws(RPCError) { _ = try target.dnsServer() }

    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        guard let client = try? DNSClient(server: target.dnsServer()) else { return }
        await repeatedly(target, updates, settings) {
            var endpoints: [Endpoint] = []
            for service in try client.services(of: target.name) where !service.host.isEmpty {
                for address in try client.addresses(of: service.host) {
                    var endpoint = Endpoint(
                        address: address, port: service.port, authority: "\(service.host):\(service.port)")
                    endpoint.priority = service.priority
                    endpoint.weight = UInt32(max(1, service.weight))
                    endpoints.append(endpoint)
                }
            }
            let config = settings.usesServiceConfig ? try client.serviceConfig(of: target.name) : nil
            return Resolution(endpoints: endpoints, serviceConfig: config)
        }
    }
}

/// What a channel's configuration says about DNS.
struct DNSSettings: Sendable {
    var interval: Duration
    var usesServiceConfig: Bool
}

extension Endpoint {
    fileprivate init(address: String, port: Int, authority: String) {
        self.init(addresses: [.tcp(address, port)], authority: authority)
    }
}

extension ResolverTarget {
    /// The server that is named before the name, with DNS's own port unless it says another; nil for the system's.
    fileprivate func dnsServer() throws(RPCError) -> String? {
        if authority.isEmpty { return nil }
        let hasPort = authority.contains("]:") || authority.count { $0 == ":" } == 1
        let text = hasPort ? authority : "\(authority):53"
        _ = try EndpointAddress.hostAndPort(text[...]) { what in
            RPCError(.invalidArgument, "target \"\(self)\": the DNS server \"\(authority)\": \(what)")
        }
        return text
    }
}

extension Resolver {
    /// Looks up again and again, on a thread that may block.
    fileprivate func repeatedly(
        _ target: ResolverTarget, _ updates: ResolverUpdates, _ settings: DNSSettings,
        _ lookUp: @escaping @Sendable () throws -> Resolution
    ) async {
        while !Task.isCancelled {
            do {
                updates.send(try await NIOThreadPool.singleton.runIfActive(lookUp))
            } catch let failure as DNSClient.Failure where failure.isAnswer {
                updates.send(Resolution(endpoints: []))
            } catch {
                updates.fail(RPCError(.unavailable, "DNS: \(error)"))
            }
            await updates.waitForRequest(orAfter: settings.interval)
        }
    }
}
