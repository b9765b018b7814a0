import ArgumentParser

/// What a client does. `connections` and `inFlight` are numbers of all connections and of all calls at a time.
enum Scenario {
    /// Unary calls of 13 bytes, answered with 109.
    case unary(connections: Int, inFlight: Int)
    /// One such call at a time on each of many connections.
    case connections(Int)
    /// Server streams of so many users each, one stream after another.
    case stream(count: Int)
    /// The same the other way round.
    case upload(count: Int)
    /// Blobs there and back.
    case echo(bytes: Int, inFlight: Int)
    /// Bidirectional streams: a request there, a user back, and again.
    case bidi(connections: Int, inFlight: Int)
    /// Bidirectional streams, all open on one connection: a request on one after another in turn, one at a time.
    case streams(Int)
    /// ``unary`` with a timeout for each call; every tenth call is cancelled while it is under way.
    case deadline(connections: Int, inFlight: Int)
    /// ``unary``, but every tenth call echoes 64 KiB.
    case mixed(connections: Int, inFlight: Int)
    /// Small calls, a millisecond apart, beside one after another of 100 MiB on the same connection.
    case beside

    static let help = """
        unary:CONNECTIONS:IN_FLIGHT_IN_ALL, connections:N, stream:COUNT, upload:COUNT, echo:BYTES:IN_FLIGHT, \
        bidi:CONNECTIONS:STREAMS_IN_ALL, streams:N, deadline:CONNECTIONS:IN_FLIGHT, mixed:CONNECTIONS:IN_FLIGHT or \
        beside.
        """

    /// - Throws: `ValidationError` for what is none.
    init(parsing text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().map { Int($0) ?? 0 }
        guard numbers.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("the numbers of the scenario \(text) must be 1 or more; there are \(Self.help)")
        }
        switch (parts[0], numbers.count) {
        case ("unary", 2): self = .unary(connections: numbers[0], inFlight: numbers[1])
        case ("connections", 1): self = .connections(numbers[0])
        case ("stream", 1): self = .stream(count: numbers[0])
        case ("upload", 1): self = .upload(count: numbers[0])
        case ("echo", 2): self = .echo(bytes: numbers[0], inFlight: numbers[1])
        case ("bidi", 2): self = .bidi(connections: numbers[0], inFlight: numbers[1])
        case ("streams", 1): self = .streams(numbers[0])
        case ("deadline", 2): self = .deadline(connections: numbers[0], inFlight: numbers[1])
        case ("mixed", 2): self = .mixed(connections: numbers[0], inFlight: numbers[1])
        case ("beside", 0): self = .beside
        default: throw ValidationError("there is no scenario \(text); there are \(Self.help)")
        }
        guard connectionCount <= callerCount else {
            throw ValidationError("\(text) has \(connectionCount) connections for \(callerCount) calls at a time")
        }
        if case .stream(let count) = self, count > Int32.max {
            throw ValidationError("\(text) is longer than \(Int32.max) messages")
        }
    }

    /// As it was parsed.
    var name: String {
        switch self {
        case .unary(let connections, let inFlight): "unary:\(connections):\(inFlight)"
        case .connections(let count): "connections:\(count)"
        case .stream(let count): "stream:\(count)"
        case .upload(let count): "upload:\(count)"
        case .echo(let bytes, let inFlight): "echo:\(bytes):\(inFlight)"
        case .bidi(let connections, let inFlight): "bidi:\(connections):\(inFlight)"
        case .streams(let count): "streams:\(count)"
        case .deadline(let connections, let inFlight): "deadline:\(connections):\(inFlight)"
        case .mixed(let connections, let inFlight): "mixed:\(connections):\(inFlight)"
        case .beside: "beside"
        }
    }

    var connectionCount: Int {
        switch self {
        case .unary(let connections, _), .bidi(let connections, _), .deadline(let connections, _),
            .mixed(let connections, _), .connections(let connections):
            connections
        case .stream, .upload, .echo, .streams, .beside: 1
        }
    }

    /// Tasks or threads, each of which does one thing at a time.
    var callerCount: Int {
        switch self {
        case .unary(_, let inFlight), .echo(_, let inFlight), .bidi(_, let inFlight), .deadline(_, let inFlight),
            .mixed(_, let inFlight), .connections(let inFlight):
            inFlight
        case .stream, .upload, .streams: 1
        case .beside: 2
        }
    }

    /// Whether the processes work for nothing but what is counted.
    var hasCPUPerOperation: Bool { if case .beside = self { false } else { true } }
}
