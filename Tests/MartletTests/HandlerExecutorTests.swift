import Logging
import Martlet
import NIOCore
import NIOPosix
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where handlers run, and what becomes of those that hold their loop.
@Suite struct HandlerExecutorTests {
    @Test func handlersOfALoopTakeTurns() async throws {
        let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        let service = TestService { request, context in
            if request == "waits" { await withCheckedContinuation { next in waiting.withLock { $0.append(next) } } }
            // A runner serves many calls: the context must be the call's own, before and after it was suspended.
            #expect(ServerContext.current === context)
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await channel.call("waits") } }
                try await eventually { waiting.withLock { $0.count } == 20 }
                #expect(server.statistics.tasks == 20)
                for _ in 0..<100 {
                    let response = try await channel.call("goes on")
                    #expect(response.text == "goes on")
                }
                for continuation in waiting.withLock({ $0 }) { continuation.resume() }
                try await group.waitForAll()
            }
        }
    }

    @Test func aCancelledRunnerDoesNotCancelTheNextCall() async throws {
        let service = TestService { request, _ in
            if request == "waits" { try await Task.sleep(for: .seconds(60)) }
            try Task.checkCancellation()
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            for _ in 0..<20 {
                let caller = Task { try await channel.call("waits") }
                try await eventually { server.statistics.tasks == 1 }
                caller.cancel()
                _ = try await errorOf { try await caller.value }
                let response = try await channel.call("fine")
                #expect(response.text == "fine")
                try await eventually { server.statistics.tasks == 0 }
            }
        }
    }

    @Test func theGlobalPoolIsAnotherThread() async throws {
        let loopThread = Mutex<pthread_t?>(nil)
        let service = TestService { request, _ in
            loopThread.withLock { $0 = pthread_self() }
            return request
        }
        try await withServerAndChannel(service) { _, channel in _ = try await channel.call("x") }

        let pooled = TestService { request, context in
            #expect(ServerContext.current === context)
            #expect(loopThread.withLock { pthread_equal($0!, pthread_self()) } == 0)
            if request == "fails" { throw RPCError(.notFound, "from the pool") }
            return request
        }.running(on: .globalPool)
        try await withServerAndChannel(pooled) { server, channel in
            let response = try await channel.call("x")
            #expect(response.text == "x")
            let error = try await errorOf { try await channel.call("fails") }
            #expect(error.message == "from the pool")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let response = try await channel.call("\(index)")
                        #expect(response.text == "\(index)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aPooledHandlerIsCancelledToo() async throws {
        let service = TestService { _, context in
            do { try await Task.sleep(for: .seconds(60)) } catch {
                #expect(context.cancellationReason == .client)
                throw error
            }
            return "late"
        }
        try await withServerAndChannel(service.running(on: .globalPool)) { server, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually { server.statistics.tasks == 1 }
            caller.cancel()
            _ = try await errorOf { try await caller.value }
            try await eventually { service.noted == ["cancelled"] && server.statistics.tasks == 0 }
        }
    }

    /// The loop that is held is nobody else's.
    private func withOwnLoop(
        _ service: TestService, _ lines: LogLines, _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (_ channel: ClientChannel) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let configuration = ServerConfiguration.test {
            $0.logger = lines.logger
            $0.eventLoopGroup = group
            change(&$0)
        }
        try await withServerAndChannel(service, server: configuration) { _, channel in try await body(channel) }
        try await group.shutdownGracefully()
    }

    @Test func aHandlerThatHoldsItsLoopIsNamedOnce() async throws {
        let lines = LogLines()
        let service = TestService { request, _ in
            if request == "yields" { await Task.yield() }
            usleep(70_000)
            return request
        }
        for way in ["at once", "yields"] {
            lines.clear()
            try await withOwnLoop(service, lines) { channel in
                for _ in 0..<3 { _ = try await channel.call(Text(way)) }
            }
            let warnings = lines.all.filter { $0.contains("held its event loop") }
            #expect(warnings.count == 1, "\(way)")
            #expect(warnings.first?.contains("test.Service/Call") == true)
            #expect(warnings.first?.contains(".running(on: .globalPool") == true)
        }
    }

    @Test func aQuickHandlerAndAPooledOneAreNotNamed() async throws {
        let lines = LogLines()
        let service = TestService { request, _ in
            usleep(70_000)
            return request
        }
        try await withServerAndChannel(
            service.running(on: .globalPool), server: .test { $0.logger = lines.logger }
        ) { _, channel in _ = try await channel.call("x") }
        try await withServerAndChannel(TestService.echo, server: .test { $0.logger = lines.logger }) { _, channel in
            _ = try await channel.call("x")
        }
        let unwatched: (inout ServerConfiguration) -> Void = { $0.handlerHoldWarning = nil }
        try await withOwnLoop(service, lines, unwatched) { channel in
            _ = try await channel.call("x")
        }
        #expect(!lines.all.contains { $0.contains("held its event loop") })
    }

    @Test func theContextsLoggerTellsTheCall() async throws {
        let lines = LogLines()
        let service = TestService { request, context in
            context.logger.notice("hello")
            return request
        }
        try await withServerAndChannel(service, server: .test { $0.logger = lines.logger }) { _, channel in
            _ = try await channel.call("x")
        }
        let line = try #require(lines.all.first { $0.contains("hello") })
        #expect(line.contains("test.Service/Call") && line.contains("127.0.0.1:"))
    }
}

/// Keeps what is logged, a line each with its metadata.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func clear() { lines.withLock { $0 = [] } }

    var logger: Logger { Logger(label: "test", factory: { _ in Handler(lines: self) }) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.lines.withLock { $0.append("\(event.message) \(all)") }
        }
    }
}
