import Martlet
import MartletTesting
import Synchronization
import Testing

@testable import MartletClient

/// DNS over real sockets: a responder on loopback, and servers on several of its addresses.
@Suite(.serialized) struct DNSTests {
    /// Runs servers on one port of several addresses, which answer with their addresses.
    private func withServers(
        _ addresses: [String], _ body: (_ port: Int, _ dns: NameServer, _ dnsPort: Int) async throws -> Void
    ) async throws {
        let dns = NameServer()
        let dnsPort = try await dns.start()
        try await withNamedServers(addresses) { port in try await body(port, dns, dnsPort) }
        try await dns.stop()
    }

    private func quiet(_ change: (inout ChannelConfiguration) -> Void = { _ in }) -> ChannelConfiguration {
        var configuration = ChannelConfiguration.balancing()
        change(&configuration)
        return configuration
    }

    /// Calls until as many endpoints are ready.
    private func awaitReady(_ count: Int, _ channel: ClientChannel) async throws {
        for _ in 0..<10_000 where channel.statistics.endpoints.count(where: \.isReady) != count {
            _ = try? await channel.get("x", options: .timeout(.seconds(1)))
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(channel.statistics.endpoints.count(where: \.isReady) == count)
    }

    /// That several addresses share the calls is what grpc-swift-2 is known not to do.
    @Test func allAddressesOfAHostShareTheCalls() async throws {
        try await withServers(["127.0.0.1", "127.0.0.2", "127.0.0.3"]) { port, dns, dnsPort in
            dns["users.test"] = [.a("127.0.0.1"), .a("127.0.0.2"), .a("127.0.0.3")]
            let channel = try ClientChannel("dns://127.0.0.1:\(dnsPort)/users.test:\(port)", configuration: quiet())
            try await awaitReady(3, channel)
            #expect(
                try await channel.answers(30).counts == ["127.0.0.1": 10, "127.0.0.2": 10, "127.0.0.3": 10])
            #expect(channel.statistics.endpoints.allSatisfy { $0.endpoint.authority == "users.test:\(port)" })
            await channel.shutdown()
        }
    }

    @Test func changesAreFollowed() async throws {
        try await withServers(["127.0.0.1", "127.0.0.2"]) { port, dns, dnsPort in
            dns["users.test"] = [.a("127.0.0.1")]
            let channel = try ClientChannel(
                "dns://127.0.0.1:\(dnsPort)/users.test:\(port)",
                configuration: quiet {
                    $0.dnsInterval = .milliseconds(10)
                    $0.loadBalancing.suspicion = .zero
                })
            #expect(try await channel.get("x").text == "127.0.0.1")
            dns["users.test"] = [.a("127.0.0.1"), .a("127.0.0.2")]
            try await awaitReady(2, channel)
            dns["users.test"] = [.a("127.0.0.2")]
            for _ in 0..<10_000 where channel.statistics.endpoints.count != 1 {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await channel.answers(2) == ["127.0.0.2", "127.0.0.2"])
            // A server that says nothing leaves what is known.
            dns.fallSilent()
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await channel.answers(2) == ["127.0.0.2", "127.0.0.2"])
            await channel.shutdown()
        }
    }

    @Test func servicesHaveWeightsAndPriorities() async throws {
        try await withServers(["127.0.0.1", "127.0.0.2", "127.0.0.3"]) { port, dns, dnsPort in
            dns["_grpc._tcp.users.test"] = [
                .srv(host: "a.test", port: UInt16(port), priority: 1, weight: 1),
                .srv(host: "b.test", port: UInt16(port), priority: 1, weight: 3),
                .srv(host: "c.test", port: UInt16(port), priority: 2, weight: 9),
            ]
            for (name, address) in [("a", "127.0.0.1"), ("b", "127.0.0.2"), ("c", "127.0.0.3")] {
                dns["\(name).test"] = [.a(address)]
            }
            let channel = try ClientChannel(
                "srv://127.0.0.1:\(dnsPort)/_grpc._tcp.users.test", configuration: quiet())
            try await awaitReady(3, channel)
            let counts = try await channel.answers(400).counts
            #expect(abs(counts["127.0.0.1"]! - 100) <= 2 && abs(counts["127.0.0.2"]! - 300) <= 2)
            #expect(counts["127.0.0.3"] == nil)
            await channel.shutdown()
        }
    }

    @Test func aServiceConfigIsFoundInDNS() async throws {
        try await withServers(["127.0.0.1", "127.0.0.2"]) { port, dns, dnsPort in
            dns["users.test"] = [.a("127.0.0.1"), .a("127.0.0.2")]
            let config = #"[{"serviceConfig":{"loadBalancingConfig":[{"pick_first":{}}]}}]"#
            dns["_grpc_config.users.test"] = [.txt(["grpc_config=", config])]
            let target = "dns://127.0.0.1:\(dnsPort)/users.test:\(port)"
            let channel = try ClientChannel(target, configuration: quiet { $0.usesServiceConfigOfDNS = true })
            #expect(try await channel.answers(10).counts.count == 1)
            await channel.shutdown()
            // Nobody is asked for it without being told so.
            #expect(dns.questions.contains("_grpc_config.users.test"))
            let before = dns.questions.count
            let other = try ClientChannel(target, configuration: quiet())
            _ = try await other.get("x")
            #expect(!dns.questions.dropFirst(before).contains("_grpc_config.users.test"))
            await other.shutdown()
        }
    }

    @Test func aNameThatIsNotThereSaysSo() async throws {
        let dns = NameServer()
        let dnsPort = try await dns.start()
        let channel = try ClientChannel("dns://127.0.0.1:\(dnsPort)/nobody.test:80", configuration: quiet())
        let error = await #expect(throws: RPCError.self) { _ = try await channel.get("x") }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "dns://127.0.0.1:\(dnsPort)/nobody.test:80 has no endpoints")
        await channel.shutdown()
        try await dns.stop()
    }

    @Test func theSystemsNamesAreKnown() async throws {
        try await withServers(["127.0.0.1"]) { port, _, _ in
            for target in ["dns:///localhost:\(port)", "dns:localhost:\(port)", "dns:///127.0.0.1:\(port)"] {
                let channel = try ClientChannel(target, configuration: quiet())
                #expect(try await channel.get("x").text == "127.0.0.1")
                await channel.shutdown()
            }
        }
    }

    @Test(arguments: [
        ("dns:///users", "target \"dns:///users\": it has no port; write it as dns:///HOST:PORT"),
        ("dns:///", "target \"dns:///\": it has no name; write it as dns:///NAME"),
        (
            "dns://1.2.3.4:x/users:80",
            "target \"dns://1.2.3.4:x/users:80\": the DNS server \"1.2.3.4:x\": the port must be a number from 1 to 65535"
        ),
        (
            "nope:///users",
            "target \"nope:///users\": the scheme \"nope\" is not known; there are tcp, unix, unix-abstract, dns, srv, file"
        ),
    ])
    func targetsThatCannotBeAreRefused(target: String, message: String) throws {
        let error = try #require(throws: RPCError.self) { try ClientChannel(target) }
        #expect(error.code == .invalidArgument && error.message == message)
    }

    /// - here: `host` at 50 of 100.
    @Test(arguments: [
        (#"[{"serviceConfig":{"a":1}}]"#, #"{"a":1}"#),
        (
            #"[{"clientLanguage":["go"],"serviceConfig":{"a":1}},{"clientLanguage":["SWIFT"],"serviceConfig":{"a":2}}]"#,
            #"{"a":2}"#
        ),
        (#"[{"percentage":50,"serviceConfig":{"a":1}},{"percentage":51,"serviceConfig":{"a":2}}]"#, #"{"a":2}"#),
        (
            #"[{"clientHostname":["other"],"serviceConfig":{"a":1}},{"clientHostname":["host"],"serviceConfig":{"a":2}}]"#,
            #"{"a":2}"#
        ),
        (#"[{"clientLanguage":["go"],"serviceConfig":{"a":1}}]"#, nil), ("[", nil), ("{}", nil), ("[1]", nil),
    ])
    func theFirstChoiceThatSuitsIsTaken(json: String, config: String?) {
        #expect(DNSServiceConfig.choice(in: "grpc_config=\(json)", host: "host", percent: 50) == config)
        #expect(DNSServiceConfig.choice(in: json, host: "host", percent: 50) == nil)
    }
}
