import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import UserAPI

typealias Users = Benchmarks_V1_UserService.Client<HTTP2ClientTransport.Posix>

/// What the client keeps doing: `unary:CONNECTIONS:IN_FLIGHT`, `stream:MESSAGES` or `echo:BYTES:IN_FLIGHT`.
enum Load {
    case unary(connections: Int, inFlight: Int)
    case stream(messages: Int)
    case echo(bytes: Int, inFlight: Int)

    init?(_ text: String) {
        let numbers = text.split(separator: ":").dropFirst().compactMap { Int($0) }
        switch (text.prefix { $0 != ":" }, numbers.count) {
        case ("unary", 2): self = .unary(connections: numbers[0], inFlight: numbers[1])
        case ("stream", 1): self = .stream(messages: numbers[0])
        case ("echo", 2): self = .echo(bytes: numbers[0], inFlight: numbers[1])
        default: return nil
        }
    }

    var connections: Int { if case .unary(let connections, _) = self { connections } else { 1 } }
    var inFlight: Int {
        switch self {
        case .unary(_, let inFlight), .echo(_, let inFlight): inFlight
        case .stream: 1
        }
    }
    /// Bytes of payload each way with one operation, where they are what counts.
    var bytes: Int { if case .echo(let bytes, _) = self { bytes } else { 0 } }

    /// Keeps `inFlight` callers busy, spread over the clients, until the time is over.
    func run(on clients: [Users], for duration: Duration) async throws -> Tally {
        let end = ContinuousClock.now + duration
        return try await withThrowingTaskGroup(of: Tally.self) { group in
            for caller in 0..<inFlight {
                group.addTask { try await call(clients[caller % clients.count], until: end) }
            }
            return try await group.reduce(into: Tally()) { $0.add($1) }
        }
    }

    private func call(_ users: Users, until end: ContinuousClock.Instant) async throws -> Tally {
        var tally = Tally()
        let blob = Benchmarks_V1_Blob.with { $0.content = Data(repeating: 0xA5, count: bytes) }
        var start = ContinuousClock.now
        while start < end {
            let operations =
                switch self {
                case .unary: try await getUser(users)
                case .echo: try await echo(users, blob)
                case .stream(let messages): try await listUsers(users, messages)
                }
            let now = ContinuousClock.now
            tally.add(operations, taking: now - start)
            start = now
        }
        return tally
    }

    private func getUser(_ users: Users) async throws -> Int {
        let user = try await users.getUser(.with { $0.id = "user-000042" })
        precondition(user.roles.count == 3)
        return 1
    }

    private func echo(_ users: Users, _ blob: Benchmarks_V1_Blob) async throws -> Int {
        let answer = try await users.echo(blob)
        precondition(answer.content.count == blob.content.count)
        return 1
    }

    private func listUsers(_ users: Users, _ count: Int) async throws -> Int {
        let received = try await users.listUsers(.with { $0.count = Int32(count) }) { response in
            var messages = 0
            for try await user in response.messages where user.active { messages += 1 }
            return messages
        }
        precondition(received == count)
        return received
    }
}
