import Martlet
import MartletServices
import Testing

/// What the paths of health answer, without HTTP around them.
@Suite(.timeLimit(.minutes(1))) struct HealthRouteTests {
    private struct Answer {
        let status: Int
        let json: GoogleProtobuf.Struct
    }

    private func get(_ path: String, of health: Health) async throws -> Answer {
        let route = try #require(health.httpRoutes.first { $0.path == path })
        #expect(route.methods == ["GET"])
        let response = try await route.handler(HTTPRequest(path: path))
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.headers["cache-control"] == "no-store")
        return Answer(status: response.status, json: try .init(jsonBytes: response.body))
    }

    @Test(arguments: ["/health", "/readyz", "/livez"]) func saysThatAllIsWell(path: String) async throws {
        let answer = try await get(path, of: Health(version: "1.4.0 \"beta\""))
        #expect(answer.status == 200)
        #expect(Set(answer.json.fields.keys) == ["status", "timestamp", "version", "checks"])
        #expect(answer.json["status"]?.string == "healthy")
        #expect(answer.json["version"]?.string == "1.4.0 \"beta\"")
        #expect(answer.json["checks"]?.object == [:])
        let text = try #require(answer.json["timestamp"]?.string)
        #expect(text.hasSuffix("Z"))
        let age = GoogleProtobuf.Timestamp.now - (try #require(GoogleProtobuf.Timestamp(rfc3339: text)))
        #expect(age >= .zero && age < .seconds(60))
    }

    @Test(arguments: [("/health", 503), ("/readyz", 503), ("/livez", 200)])
    func afterTheDrainOnlyTheProcessIsWell(path: String, status: Int) async throws {
        let health = Health()
        health.drain()
        let answer = try await get(path, of: health)
        #expect(answer.status == status)
        #expect(answer.json["status"]?.string == (status == 200 ? "healthy" : "unhealthy"))
    }

    @Test func tellsOfTheChecks() async throws {
        let clock = ManualClock()
        let health = Health(clock: clock)
        health.check("database", every: .seconds(5)) { throw RPCError(.unavailable, "no \"disk\"") }
        await clock.untilSomebodySleeps(for: .seconds(5))
        health.check("cache", every: .seconds(6), isCritical: false) {}
        await clock.untilSomebodySleeps(for: .seconds(6))
        health.check("slow", timeout: .seconds(7)) { try await clock.sleep(for: .seconds(100)) }
        let answer = try await get("/health", of: health)
        #expect(answer.status == 503)
        #expect(
            answer.json["checks"] == [
                "cache": ["status": "healthy", "critical": false],
                "database": ["status": "unhealthy", "critical": true, "reason": "UNAVAILABLE: no \"disk\""],
                "slow": ["status": "pending", "critical": true],
            ])
    }
}
