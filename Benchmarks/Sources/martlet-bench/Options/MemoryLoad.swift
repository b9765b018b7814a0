import ArgumentParser

/// What a server is given to keep in memory.
enum MemoryLoad {
    /// So many, without a call and after one.
    case connections(Int)
    /// Bidirectional streams on one connection, after a message each way.
    case streams(Int)
    /// Unary calls on one connection whose handlers wait.
    case calls(Int)
    /// Echoes for two seconds.
    case burst(bytes: Int, inFlight: Int)

    static let help = "connections:N, streams:N, calls:N or burst:BYTES:IN_FLIGHT."

    /// - Throws: `ValidationError` for what is none.
    init(parsing text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().map { Int($0) ?? 0 }
        guard numbers.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("the numbers of the load \(text) must be 1 or more; there are \(Self.help)")
        }
        switch (parts[0], numbers.count) {
        case ("connections", 1): self = .connections(numbers[0])
        case ("streams", 1): self = .streams(numbers[0])
        case ("calls", 1): self = .calls(numbers[0])
        case ("burst", 2): self = .burst(bytes: numbers[0], inFlight: numbers[1])
        default: throw ValidationError("there is no load \(text); there are \(Self.help)")
        }
    }

    /// As it was parsed.
    var name: String {
        switch self {
        case .connections(let count): "connections:\(count)"
        case .streams(let count): "streams:\(count)"
        case .calls(let count): "calls:\(count)"
        case .burst(let bytes, let inFlight): "burst:\(bytes):\(inFlight)"
        }
    }
}
