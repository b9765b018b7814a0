import Martlet
import Testing

/// Other implementations' servers behind Martlet's balancer.
struct BalancingTests {
    /// Echoes until it is cancelled.
    private func call(_ channel: ClientChannel) async -> (calls: Int, errors: [any Error]) {
        var calls = 0
        var errors: [any Error] = []
        while !Task.isCancelled {
            calls += 1
            do { _ = try await channel.unary(PeerMethods.echo, "x", .timeout(.seconds(10))) } catch {
                if !Task.isCancelled { errors.append(error) }
            }
        }
        return (calls, errors)
    }

    @Test(arguments: Peer.available)
    func callsGoToAllServersAndSurviveTheEndOfOne(_ peer: Peer) async throws {
        var configuration = ChannelConfiguration.test { $0.wire = .grpc }
        var method = MethodConfig()
        method.repetition = .retry(RetryPolicy(initialBackoff: .milliseconds(10)))
        configuration.serviceConfig = ServiceConfig()
        configuration.serviceConfig?.methods[.everything] = method
        try await peer.serve { first in
            try await peer.serve { second in
                let (channel, load) = try await peer.serve { third in
                    let ports = [first, second, third].map { "127.0.0.1:\($0)" }.joined(separator: ",")
                    let channel = try ClientChannel("tcp://\(ports)", configuration: configuration)
                    try await channel.connect()
                    try await eventually { channel.statistics.endpoints.allSatisfy(\.isReady) }
                    let before = channel.statistics.endpoints.map(\.calls)
                    for _ in 0..<300 { _ = try await channel.unary(PeerMethods.echo, "x", .default) }
                    let after = channel.statistics.endpoints.map(\.calls)
                    #expect(zip(before, after).map { $1 - $0 } == [100, 100, 100])
                    // It goes on while the third server is killed.
                    return (channel, Task { await call(channel) })
                }
                try await eventually { channel.statistics.endpoints.count(where: \.isReady) == 2 }
                let calls = channel.statistics.endpoints.map(\.calls)
                try await eventually {
                    zip(calls, channel.statistics.endpoints).prefix(2).allSatisfy { $1.calls > $0 + 50 }
                }
                load.cancel()
                let (count, errors) = await load.value
                #expect(errors.isEmpty && count > 100)
                await channel.shutdown()
            }
        }
    }

    /// What a server says about its health is watched over gRPC too; one that doesn't know the protocol serves.
    @Test(arguments: Peer.available)
    func serversThatDoNotTellTheirHealthServe(_ peer: Peer) async throws {
        try await peer.serve { port in
            let configuration = ChannelConfiguration.test {
                $0.wire = .grpc
                $0.loadBalancing.healthCheckService = ""
            }
            let channel = try ClientChannel("tcp://127.0.0.1:\(port),127.0.0.1:1", configuration: configuration)
            #expect(try await channel.unary(PeerMethods.echo, "x", .default) == "x")
            await channel.shutdown()
        }
    }
}
