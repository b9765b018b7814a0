import ArgumentParser
import BenchmarkAPI
import MartletObservability

/// What a server does besides answering.
enum ServerMode: String, CaseIterable, ExpressibleByArgument {
    /// Nothing: the default configuration.
    case plain
    /// Has an interceptor, a keepalive, idle times and a connection's age.
    case featured
    /// Counts, times and traces its calls.
    case observed
    /// Answers unary calls by plain functions.
    case synchronous

    func configure(_ configuration: inout ServerConfiguration) {
        switch self {
        case .plain, .synchronous: break
        case .featured:
            configuration.interceptors = [OutcomeCounter()]
            configuration.keepalive.interval = .seconds(10)
            configuration.maxConnectionIdle = .seconds(60)
            configuration.maxConnectionAge = .seconds(3600)
        case .observed:
            bootstrapObservability()
            configuration.observe()
        }
    }

    var service: any RPCService { self == .synchronous ? SynchronousUsers() : Users() }
}

/// Where blobs are echoed.
enum BlobExecutor: String, CaseIterable, ExpressibleByArgument {
    /// On the connection's event loop, as handlers are by default.
    case loop
    /// On the global pool, where handlers of large messages hold up nobody.
    case pool

    func applied(to service: any RPCService) -> any RPCService {
        switch self {
        case .loop: service
        case .pool: service.running(on: .globalPool, for: UserServiceMethods.echo.descriptor)
        }
    }
}

/// Requests and responses of this size pass, in bytes: `beside` sends 100 MiB.
let maxMessageBytes = 128 << 20
