import Foundation
import Martlet
import MartletFaultKit
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The other process is gone from one moment to the next, in the middle of everything.
extension FaultTests {
    @Test func killedServer() async throws {
        let rounds = Scale.number(4, full: 200)
        var random = SeededRandom(seed: 200)
        var totals = Load.Tally()
        var slowest = Duration.zero
        let memoryBefore = residentMiB
        for round in 0..<rounds {
            let peer = try FaultPeer()
            let channel = try ClientChannel("tcp://127.0.0.1:\(peer.port)")
            let load = Load(channel)
            async let running = load.run(callers: 32, seed: UInt64(round), untilFailure: true)
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...120, using: &random)))
            peer.kill()
            // Those that were under way end because the connection does; those that come later can't connect.
            let killed = ContinuousClock.now
            let tally = await running
            slowest = max(slowest, ContinuousClock.now - killed)
            tally.expect(only: [.unavailable])
            #expect(tally.failed[.unavailable] == 32, "each caller ends with its first failure")
            totals.succeeded += tally.succeeded
            totals.failed[.unavailable, default: 0] += tally.failed[.unavailable] ?? 0
            await channel.shutdown()
            #expect(channel.statistics.isEmpty)
        }
        report(
            "server killed",
            "\(rounds) times; \(totals.succeeded) calls succeeded, \(totals.failed[.unavailable] ?? 0) were UNAVAILABLE; "
                + "the last call ended \(slowest) after the kill; memory \(memoryBefore) → \(residentMiB) MiB")
        #expect(slowest < .seconds(30))
    }
}

/// A server in a process of its own.
private final class FaultPeer {
    let port: Int
    private let process = Process()

    init() throws {
        let products =
            Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
            ?? Bundle.main.bundleURL
        process.executableURL = products.appending(path: "fault-peer")
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) { line += byte }
        port = try #require(Int(String(decoding: line, as: UTF8.self)))
    }

    deinit { kill() }

    func kill() {
        guard process.isRunning else { return }
        #if canImport(Glibc)
            _ = Glibc.kill(process.processIdentifier, SIGKILL)
        #else
            _ = Darwin.kill(process.processIdentifier, SIGKILL)
        #endif
        process.waitUntilExit()
    }
}
