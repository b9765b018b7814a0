import Martlet
import Synchronization
import Testing

@Suite struct ServerInterceptorTests {
    /// Does what a closure says around the rest of the call.
    private struct Around: ServerInterceptor {
        let body: nonisolated(nonsending) @Sendable (ServerContext, ServerNext) async throws -> Void

        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            try await body(context, next)
        }
    }

    private final class Log: Sendable {
        private let state = Mutex<[String]>([])
        func add(_ line: String) { state.withLock { $0.append(line) } }
        var lines: [String] { state.withLock { $0 } }

        func interceptor(_ name: String) -> Around {
            Around { context, next in
                self.add("\(name) before \(context.method.name)")
                do { try await next() } catch {
                    self.add("\(name) sees \((error as? RPCError)?.code.name ?? "another error")")
                    throw error
                }
                self.add("\(name) after")
            }
        }
    }

    @Test func theServersAreOutsideOfTheServices() async throws {
        let log = Log()
        let service = TestService { request, _ in
            log.add("handler")
            return request
        }.intercepted(by: log.interceptor("service 1"), log.interceptor("service 2"))
        try await withServerAndChannel(
            service, server: .test { $0.interceptors = [log.interceptor("server 1"), log.interceptor("server 2")] }
        ) { _, channel in
            _ = try await channel.call("x")
        }
        #expect(
            log.lines == [
                "server 1 before Call", "server 2 before Call", "service 1 before Call", "service 2 before Call",
                "handler", "service 2 after", "service 1 after", "server 2 after", "server 1 after",
            ])
    }

    @Test func anErrorTakesThePlaceOfAResponse() async throws {
        let late = Around { _, next in
            try await next()
            throw RPCError(.dataLoss, "thought better of it")
        }
        try await withServerAndChannel(TestService.echo, server: .test { $0.interceptors = [late] }) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .dataLoss)
            #expect(error.message == "thought better of it")
        }
    }

    @Test func anErrorCanBeReplacedAndTheHandlerSkipped() async throws {
        let service = TestService { _, _ in throw RPCError(.notFound, "no such thing") }
        let replaces = Around { context, next in
            if context.metadata["skip"] != nil { throw RPCError(.permissionDenied, "not for you") }
            do { try await next() } catch let error as RPCError {
                throw RPCError(.failedPrecondition, "was \(error.code.name)")
            }
        }
        try await withServerAndChannel(service, server: .test { $0.interceptors = [replaces] }) { _, channel in
            let replaced = try await errorOf { try await channel.call("x") }
            #expect(replaced.message == "was NOT_FOUND")
            let skipped = try await errorOf {
                try await channel.call("x", options: CallOptions(metadata: ["skip": "1"]))
            }
            #expect(skipped.code == .permissionDenied)
        }
    }

    @Test func messagesAndMetadataCanBeChanged() async throws {
        let changes = Around { context, next in
            context.metadata["who"] = "interceptor"
            context.mapRequests { (message) throws(RPCError) in Text((message as! Text).text + "+in") }
            context.mapResponses { (message) throws(RPCError) in Text((message as! Text).text + "+out") }
            try await next()
            context.trailingMetadata["seen"] = "yes"
        }
        let service = TestService { request, context in Text("\(request.text) \(context.metadata["who"] ?? "nobody")") }
        try await withServerAndChannel(service, server: .test { $0.interceptors = [changes] }) { _, channel in
            let reply = try await channel.unaryReply(TestMethods.call, "x", .default)
            #expect(reply.message.text == "x+in interceptor+out")
            #expect(reply.trailingMetadata["seen"] == "yes")
        }
    }

    @Test func anInterceptorThatForgetsNextOwesAResponse() async throws {
        let forgets = Around { _, _ in }
        try await withServerAndChannel(TestService.echo, server: .test { $0.interceptors = [forgets] }) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .internalError)
            #expect(error.message.contains("must call `next`, or throw"))
        }
    }

    @Test func unknownMethodsPassThroughToo() async throws {
        let log = Log()
        try await withServerAndChannel(
            TestService.echo, server: .test { $0.interceptors = [log.interceptor("server")] }
        ) { _, channel in
            let error = try await errorOf { try await channel.unary(TestMethods.missing, "x", .default) }
            #expect(error.code == .unimplemented)
            #expect(error.isSafeToRetry)
        }
        #expect(log.lines == ["server before Missing", "server sees UNIMPLEMENTED"])
    }

    @Test func theyRunInTheCallsContext() async throws {
        let checks = Around { context, next in
            #expect(ServerContext.current === context)
            try await next()
            #expect(ServerContext.current === context)
        }
        try await withServerAndChannel(TestService.echo, server: .test { $0.interceptors = [checks] }) { _, channel in
            _ = try await channel.call("x")
        }
    }
}
