import Martlet
import MartletServices
import MartletTesting
import Testing

/// `grpc.health.v1.Health` as clients see it.
@Suite(.timeLimit(.minutes(1))) struct HealthServiceTests {
    private typealias Status = GRPCHealthV1.HealthCheckResponse.ServingStatus

    @Test(arguments: TestTransport.allCases)
    func checksTheServerAndItsServices(over transport: TestTransport) async throws {
        let health = Health()
        try await withServer([HealthService(health), Books()], over: transport) { channel in
            let client = GRPCHealthV1.HealthClient(channel)
            for (service, status) in [("", Status.serving), ("martlet.reflected.Catalog", .serving)] {
                let response = try await client.check(.init(service: service))
                #expect(response.status == status)
            }
            health.set(.notServing, for: "martlet.reflected.Catalog")
            let response = try await client.check(.init(service: "martlet.reflected.Catalog"))
            #expect(response.status == .notServing)
            let error = try await #require(throws: RPCError.self) { try await client.check(.init(service: "no.Such")) }
            #expect(error.code == .notFound)
            #expect(error.message.contains("no.Such"))
        }
    }

    @Test func listsAllThatIsKnown() async throws {
        let health = Health()
        health.set(.notServing, for: "by.Hand")
        try await withServer([HealthService(health), Books()]) { channel in
            let response = try await GRPCHealthV1.HealthClient(channel).list(.init())
            let statuses = response.statuses.mapValues(\.status)
            #expect(
                statuses == [
                    "": .serving, "by.Hand": .notServing, "grpc.health.v1.Health": .serving,
                    "martlet.reflected.Catalog": .serving,
                ])
        }
    }

    @Test func aWatchGoesOnThroughServicesUnknownAndKnown() async throws {
        let health = Health()
        try await withServer([HealthService(health)]) { channel in
            let responses = GRPCHealthV1.HealthClient(channel).watch(.init(service: "later.Service"))
            var seen: [Status] = []
            for try await response in responses {
                seen.append(response.status)
                switch seen.count {
                case 1: health.set(.serving, for: "later.Service")
                case 2:
                    health.set(.serving, for: "later.Service")
                    health.set(.notServing, for: "other.Service")
                    health.set(.notServing, for: "later.Service")
                default: break
                }
                if seen.count == 3 { break }
            }
            #expect(seen == [.serviceUnknown, .serving, .notServing])
        }
        #expect(health.watcherCount == 0)
    }

    /// A server that drains says so while it still answers, and lets nobody wait for its watches.
    @Test func theDrainIsToldBeforeItBegins() async throws {
        try await withTestNetwork { network in
            let health = Health()
            let wrapped = HealthService(health).intercepted(by: Nothing()).running(on: .eventLoop)
            var configuration = ServerConfiguration()
            configuration.drainDelay = .seconds(5)
            let server = try await network.server("a", services: [wrapped], configuration: configuration)
            let client = GRPCHealthV1.HealthClient(network.channel(to: "a"))
            var statuses = client.watch(.init()).makeAsyncIterator()
            let first = try await statuses.next()
            #expect(first?.status == .serving)

            let start = network.clock.now
            async let stopped: Void = server.shutdown()
            let second = try await statuses.next()
            #expect(second?.status == .notServing)
            health.set(.serving)
            await network.advance(by: .seconds(4))
            let response = try await client.check(.init())
            #expect(response.status == .notServing)

            do {
                let third = try await statuses.next()
                Issue.record("the watch goes on with \(third.map { "\($0)" } ?? "its end")")
            } catch {
                #expect((error as? RPCError)?.code == .unavailable)
            }
            await stopped
            #expect(network.clock.now.offset - start.offset < .seconds(6))
            #expect(health.watcherCount == 0)
        }
    }

    private struct Nothing: ServerInterceptor {
        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            try await next()
        }
    }
}
