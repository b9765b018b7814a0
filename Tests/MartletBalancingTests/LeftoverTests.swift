import Martlet
import NIOConcurrencyHelpers
import Testing

@testable import MartletClient

/// What a channel leaves behind.
@Suite struct LeftoverTests {
    @Test func aForgottenChannelLeavesNothing() async throws {
        try await withNamedServers(["127.0.0.1", "127.0.0.2"]) { port in
            weak var pool: EndpointPool?
            weak var subchannel: Subchannel?
            do {
                let configuration = ChannelConfiguration.balancing {
                    $0.healthCheckService = ""
                    $0.outlierDetection = OutlierDetection()
                }
                let channel = try ClientChannel(
                    "tcp://127.0.0.1:\(port),127.0.0.2:\(port)", configuration: configuration)
                #expect(try await channel.answers(4).count == 4)
                pool = channel.source as? EndpointPool
                subchannel = pool?.state.withLockedValue { $0.endpoints[0].subchannel }
                #expect(pool != nil && subchannel != nil)
            }
            for _ in 0..<10_000 where pool != nil || subchannel != nil { try await Task.sleep(for: .milliseconds(2)) }
            #expect(pool == nil && subchannel == nil)
        }
    }
}
