import ArgumentParser
import Foundation
import Logging
import Martlet
import ProcessSupport
import TestSupport
import UserAPI

/// Several instances of UserService, a caller that never stops, and everything that happens to instances in production.
/// Ends with 1 if a call fails, or goes where it shouldn't.
@main
struct Fleet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kills, drains, adds and slows down instances of UserService, and shows where the calls go.")

    @Option(help: "How the caller finds the instances: \(Discovery.allCases.map(\.rawValue).joined(separator: ", ")).")
    var registry = Discovery.memory

    @Option(help: "Calls a second.")
    var rate = 200

    func run() async throws {
        guard (1...2000).contains(rate) else { throw ValidationError("A rate is from 1 to 2000 calls a second.") }
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        try await withDatabasePath { database in
            let instances = Instances(database: database)
            do {
                let finder = try await registry.finder()
                try await Show(instances: instances, finder: finder, rate: rate).run()
                await finder.end()
                await instances.end()
            } catch {
                await instances.end()
                print("\nIt went wrong: \(error)\n\(instances.transcripts)")
                throw ExitCode.failure
            }
        }
    }
}

extension Discovery: ExpressibleByArgument {}
