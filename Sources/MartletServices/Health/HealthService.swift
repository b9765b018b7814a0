public import MartletCore
internal import MartletMessages

/// gRPC's health protocol, `grpc.health.v1.Health`.
///
/// It knows all services of its server, tells of the end before the server refuses calls, and lets `Watch` end with
/// UNAVAILABLE when it does.
public struct HealthService: GRPCHealthV1.Health {
    private let health: Health

    /// - Parameter health: What it tells; default: that everything serves until the server drains.
    public init(_ health: Health = Health()) { self.health = health }

    public func serverStarts(_ services: [ServiceDescriptor]) { health.add(services: services.map(\.name)) }
    public func serverWillDrain() { health.drain() }
    public func serverDrains() { health.endWatches() }

    public nonisolated(nonsending) func check(
        _ request: GRPCHealthV1.HealthCheckRequest, context: ServerContext
    ) async throws -> GRPCHealthV1.HealthCheckResponse {
        guard let status = health.status(of: request.service) else {
            throw RPCError(
                .notFound,
                "nothing is known of the health of \"\(request.service.prefix(200))\"; List tells what has a status")
        }
        return .init(status: .init(status))
    }

    public nonisolated(nonsending) func list(
        _ request: GRPCHealthV1.HealthListRequest, context: ServerContext
    ) async throws -> GRPCHealthV1.HealthListResponse {
        .init(statuses: health.statuses.mapValues { .init(status: .init($0)) })
    }

    public nonisolated(nonsending) func watch(
        _ request: GRPCHealthV1.HealthCheckRequest, to responses: MessageWriter<GRPCHealthV1.HealthCheckResponse>,
        context: ServerContext
    ) async throws {
        var last: GRPCHealthV1.HealthCheckResponse.ServingStatus?
        for await status in health.watch(request.service) {
            let status = GRPCHealthV1.HealthCheckResponse.ServingStatus(status)
            // What changed twice while the client was behind may be as it was.
            if status == last { continue }
            try await responses.write(.init(status: status))
            last = status
        }
        try Task.checkCancellation()
        throw RPCError(.unavailable, "the server shuts down; watch another one")
    }
}

extension GRPCHealthV1.HealthCheckResponse.ServingStatus {
    fileprivate init(_ status: Health.Status?) {
        self =
            switch status {
            case .serving: .serving
            case .notServing: .notServing
            case nil: .serviceUnknown
            }
    }
}
