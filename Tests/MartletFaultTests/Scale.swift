import Foundation
import Logging
import Martlet
import MartletFaultKit
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `make test` runs a form of each test that takes seconds; `make soak` (MARTLET_SOAK=1) the full one.
enum Scale {
    static let isFull = ProcessInfo.processInfo.environment["MARTLET_SOAK"] == "1"

    static func number(_ short: Int, full: Int) -> Int { isFull ? full : short }

    static func seconds(_ short: Double, full: Double) -> Duration { .seconds(isFull ? full : short) }
}

/// Tells what a test saw, for those who run the soak.
func report(_ test: String, _ figures: String) {
    if Scale.isFull { print("soak: \(test): \(figures)") }
}

/// Memory of this process that is resident, in MiB.
var residentMiB: Double {
    #if os(Linux)
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = Double(text.split(separator: " ")[1]) ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    #else
        return 0
    #endif
}

/// Lets this process open as many files as the system allows it.
func raiseFileLimit() {
    var limit = rlimit()
    #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        let resource = RLIMIT_NOFILE
    #endif
    getrlimit(resource, &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
}

extension ServerConfiguration {
    static func quiet(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.handlesSignals = false
        configuration.shutdownGrace = .seconds(5)
        configuration.logger = Logger(label: "faults", factory: { _ in SwiftLogNoOpLogHandler() })
        change(&configuration)
        return configuration
    }
}

/// Runs a server of ``FaultService`` on a free port while `body` runs, and expects that it is left with nothing.
func withFaultServer<R>(
    _ configuration: ServerConfiguration = .quiet(),
    _ body: (_ server: RPCServer, _ target: String) async throws -> R
) async throws -> R {
    let server = RPCServer(services: [FaultService()], listen: .tcp("127.0.0.1", 0), configuration: configuration)
    let running = Task { try await server.run() }
    let result = try await body(server, "tcp://\(try await server.addresses[0])")
    await server.shutdown()
    try await running.value
    try await eventually("an empty server, which has \(server.statistics)") { server.statistics == ServerStatistics() }
    return result
}

/// Waits until something is so; fails the test when it stays otherwise for 20 seconds and more.
func eventually(
    _ what: @autoclosure () -> String = "the condition", _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for _ in 0..<10_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("\(what()) did not come about", sourceLocation: sourceLocation)
}

extension ChannelStatistics {
    var isEmpty: Bool { connections == 0 && calls == 0 && queuedBytes == 0 }
}

extension Load.Tally {
    /// Expects that every call ended, and only in ways that the fault explains.
    func expect(only codes: Set<StatusCode>, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(wrong.isEmpty, sourceLocation: sourceLocation)
        #expect(Set(failed.keys).isSubset(of: codes), "\(failed)", sourceLocation: sourceLocation)
        #expect(calls > 0, sourceLocation: sourceLocation)
    }
}
