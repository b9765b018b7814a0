import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import UserAPI

let arguments = CommandLine.arguments
guard arguments.count == 5, let port = Int(arguments[1]), let load = Load(arguments[2]), let server = Int(arguments[3]),
    let seconds = Double(arguments[4])
else {
    fatalError("usage: client PORT unary:CONNECTIONS:IN_FLIGHT|stream:MESSAGES|echo:BYTES:IN_FLIGHT SERVER_PID SECONDS")
}

try await withClients(load.connections) { clients in
    _ = try await load.run(on: clients, for: .seconds(1))
    let start = ContinuousClock.now
    let before = Usage.now(server: server)
    let tally = try await load.run(on: clients, for: .seconds(seconds))
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let after = Usage.now(server: server)
    print(report(tally, elapsed, before, after))
}

/// Each client of this framework has a connection of its own.
func withClients(_ count: Int, _ clients: [Users] = [], _ body: @Sendable ([Users]) async throws -> Void) async throws {
    guard clients.count < count else { return try await body(clients) }
    let transport = try HTTP2ClientTransport.Posix(
        target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
    try await withGRPCClient(transport: transport) { client in
        try await withClients(count, clients + [Users(wrapping: client)], body)
    }
}

func report(_ tally: Tally, _ elapsed: Double, _ before: Usage, _ after: Usage) -> String {
    let operations = Double(tally.operations)
    let times = tally.percentiles([0.5, 0.99, 0.999])
    let rates = String(
        format: #""ops": %d, "rate": %.1f, "mib_s": %.1f, "p50_us": %.1f, "p99_us": %.1f, "p999_us": %.1f"#,
        tally.operations, operations / elapsed, operations * Double(load.bytes) / elapsed / 1_048_576,
        times[0], times[1], times[2])
    let usage = String(
        format: #""cli_cpu_per_100k": %.3f, "srv_cpu_per_100k": %.3f, "srv_hwm_kb": %d"#,
        (after.client - before.client) * 1e5 / operations, (after.server - before.server) * 1e5 / operations,
        Usage.peakMemory(of: server))
    return #"{"framework": "grpc-swift-2", "scenario": "\#(arguments[2])", \#(rates), \#(usage)}"#
}
