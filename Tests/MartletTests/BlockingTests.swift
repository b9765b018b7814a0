import Martlet
import NIOCore
import NIOPosix
import Testing

@Suite struct BlockingTests {
    /// Runs `body` on a thread that belongs to no task and no event loop.
    private func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let result = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<R, any Error>) in
            pool.submit { _ in continuation.resume(with: Result { try body() }) }
        }
        try await pool.shutdownGracefully()
        return result
    }

    @Test func aThreadWaitsForItsCalls() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let texts = try await onThread {
                let blocking = BlockingCalls(channel)
                var texts = [try blocking.unary(TestMethods.call, "x", .default).text]
                try blocking.serverStreaming(TestMethods.list, "3", .default) { texts.append($0.text) }
                return texts
            }
            #expect(texts == ["x", "0", "1", "2"])
        }
    }

    @Test func errorsReachTheThread() async throws {
        try await withServerAndChannel(TestService { _, _ in throw RPCError(.notFound, "nobody") }) { _, channel in
            let error = try await errorOf {
                try await onThread { try BlockingCalls(channel).unary(TestMethods.call, "x", .default) }
            }
            #expect(error.code == .notFound)
        }
    }

    @Test func leavingAStreamByAnErrorCancelsIt() async throws {
        struct Enough: Error {}
        let service = TestService(list: { _, responses, _ in while true { try await responses.write("more") } })
        try await withServerAndChannel(service) { server, channel in
            await #expect(throws: Enough.self) {
                try await onThread {
                    try BlockingCalls(channel).serverStreaming(TestMethods.list, "", .default) { _ in throw Enough() }
                }
            }
            try await eventually { server.statistics.calls == 0 }
        }
    }

    @Test func aTaskMayNotBlock() async throws {
        try await withServerAndChannel(TestService()) { _, channel in
            let error = try await errorOf { try Self.blockingCall(channel) }
            #expect(error.code == .failedPrecondition)
        }
    }

    @Test func anEventLoopMayNotBlock() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try ClientChannel("tcp://127.0.0.1:1", configuration: .test { $0.eventLoopGroup = group })
        let error = try await errorOf {
            try await group.any().submit { try Self.blockingCall(channel) }.get()
        }
        #expect(error.code == .failedPrecondition)
        await channel.shutdown()
        try await group.shutdownGracefully()
    }

    private static func blockingCall(_ channel: ClientChannel) throws -> Text {
        try BlockingCalls(channel).unary(TestMethods.call, "x", .default)
    }
}
