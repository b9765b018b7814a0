import GRPCCore
import GRPCNIOTransportHTTP2Posix
import UserAPI

/// Warms up for a second, measures, and prints one line of JSON.
@main
struct Client {
    private let port: Int
    private let scenario: String
    private let load: Load
    private let server: Int
    private let seconds: Double

    private init?(_ arguments: [String]) {
        guard arguments.count == 5, let port = Int(arguments[1]), let load = Load(arguments[2]),
            let server = Int(arguments[3]), let seconds = Double(arguments[4])
        else { return nil }
        self.port = port
        scenario = arguments[2]
        self.load = load
        self.server = server
        self.seconds = seconds
    }

    static func main() async throws {
        guard let client = Client(CommandLine.arguments) else {
            let loads = "unary:CONNECTIONS:IN_FLIGHT|stream:MESSAGES|echo:BYTES:IN_FLIGHT"
            fatalError("usage: client PORT \(loads) SERVER_PID SECONDS")
        }
        try await client.connect(client.load.connections) { try await client.measure($0) }
    }

    /// Each client of this framework has a connection of its own.
    private func connect(
        _ count: Int, _ clients: [Users] = [], _ body: @Sendable ([Users]) async throws -> Void
    ) async throws {
        guard clients.count < count else { return try await body(clients) }
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
        try await withGRPCClient(transport: transport) { client in
            try await connect(count, clients + [Users(wrapping: client)], body)
        }
    }

    private func measure(_ clients: [Users]) async throws {
        _ = try await load.run(on: clients, for: .seconds(1))
        let start = ContinuousClock.now
        let before = Usage.now(server: server)
        let tally = try await load.run(on: clients, for: .seconds(seconds))
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let used = Usage.now(server: server) - before
        print(
            tally.report(
                scenario, seconds: elapsed, bytes: load.bytes, used, peakMemory: Usage.peakMemory(of: server)))
    }
}
