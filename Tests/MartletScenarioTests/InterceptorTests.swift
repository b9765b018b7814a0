import Martlet
import Synchronization
import Testing

/// Interceptors at both ends, around calls of every shape.
@Suite struct InterceptorTests {
    /// Notes what it sees, in order.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        func note(_ line: String) { lines.withLock { $0.append(line) } }

        var noted: [String] { lines.withLock { $0 } }
    }

    private struct ClientNotes: ClientInterceptor {
        let name: String
        let log: Log

        nonisolated(nonsending) func intercept(
            _ call: ClientCall, next: ClientNext
        ) async throws(RPCError) -> Metadata {
            var call = call
            call.options.metadata.append(name, for: "path")
            call.mapRequests { [name] (message) throws(RPCError) in Text((message as! Text).text + name) }
            call.mapResponses { [name] (message) throws(RPCError) in Text((message as! Text).text + name) }
            call.mapInitialMetadata { [name] metadata in
                var metadata = metadata
                metadata.append(name, for: "seen")
                return metadata
            }
            log.note("\(name) before")
            do throws(RPCError) {
                var trailers = try await next(call)
                log.note("\(name) after")
                trailers.append(name, for: "seen")
                return trailers
            } catch {
                log.note("\(name) failed \(error.code.name)")
                throw error
            }
        }
    }

    private struct ServerNotes: ServerInterceptor {
        let name: String
        let log: Log

        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            context.metadata.append(name, for: "path")
            context.initialMetadata.append(name, for: "from")
            context.mapRequests { [name] (message) throws(RPCError) in Text((message as! Text).text + name) }
            context.mapResponses { [name] (message) throws(RPCError) in Text((message as! Text).text + name) }
            log.note("\(name) before")
            do { try await next() } catch {
                log.note("\(name) failed")
                throw error
            }
            context.trailingMetadata.append(name, for: "from")
            log.note("\(name) after")
        }
    }

    private func connect(
        _ service: any RPCService, client: [any ClientInterceptor] = [], server: [any ServerInterceptor] = [],
        _ body: (_ channel: ClientChannel) async throws -> Void
    ) async throws {
        try await withServerAndChannel(
            service, server: .test { $0.interceptors = server }, channel: .test { $0.interceptors = client }
        ) { _, channel in try await body(channel) }
    }

    private func noted(_ log: Log, _ body: (ClientChannel) async throws -> Void) async throws {
        let path = Shared<[String]>([])
        let service = TestService(
            { request, context in
                path.change { $0 = context.metadata.values(for: "path") }
                return request
            },
            list: { request, responses, context in
                path.change { $0 = context.metadata.values(for: "path") }
                try await responses.write(request)
            },
            collect: { requests, context in
                path.change { $0 = context.metadata.values(for: "path") }
                return try await requests.reduce("") { "\($0.text)\($1.text)" }
            },
            chat: { requests, responses, context in
                path.change { $0 = context.metadata.values(for: "path") }
                for try await request in requests { try await responses.write(request) }
            })
        try await connect(
            service.intercepted(by: ServerNotes(name: "d", log: log)),
            client: [ClientNotes(name: "a", log: log), ClientNotes(name: "b", log: log)],
            server: [ServerNotes(name: "c", log: log)], body)
        #expect(path.value == ["a", "b", "c", "d"])
        #expect(
            log.noted == [
                "a before", "b before", "c before", "d before", "d after", "c after", "b after", "a after",
            ])
    }

    /// Requests pass a, b, c, d; responses d, c, b, a.
    private static let changed: Text = "xabcddcba"

    @Test func unary() async throws {
        try await noted(Log()) { channel in
            let reply = try await channel.unaryReply(TestMethods.call, "x", .default)
            #expect(reply.message == Self.changed)
            #expect(reply.initialMetadata.values(for: "from") == ["c", "d"])
            #expect(reply.initialMetadata.values(for: "seen") == ["b", "a"])
            #expect(reply.trailingMetadata.values(for: "from") == ["d", "c"])
            #expect(reply.trailingMetadata.values(for: "seen") == ["b", "a"])
        }
    }

    @Test func serverStreaming() async throws {
        try await noted(Log()) { channel in
            let call = channel.start(TestMethods.list, "x", .default)
            var responses: [Text] = []
            for try await response in call.responses { responses.append(response) }
            #expect(responses == [Self.changed])
            #expect(try await call.initialMetadata.values(for: "seen") == ["b", "a"])
            #expect(try await call.trailingMetadata.values(for: "seen") == ["b", "a"])
        }
    }

    @Test func clientStreaming() async throws {
        try await noted(Log()) { channel in
            let response = try await channel.clientStreaming(TestMethods.collect, .default) { requests in
                for text in ["x", "y"] as [Text] { try await requests.write(text) }
            }
            #expect(response == "xabcdyabcddcba")
        }
    }

    @Test func bidirectional() async throws {
        try await noted(Log()) { channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                try await requests.write("x")
                #expect(try await iterator.next() == Self.changed)
                requests.finish()
                #expect(try await iterator.next() == nil)
            }
        }
    }

    // MARK: - Outcomes

    /// A server's interceptor may refuse a call, or take its success back.
    @Test(arguments: [true, false]) func outcomeAtTheServer(runsHandler: Bool) async throws {
        struct Refusing: ServerInterceptor {
            let runsHandler: Bool

            nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
                if runsHandler { try await next() }
                throw RPCError(.permissionDenied, "no")
            }
        }
        try await connect(TestService(), server: [Refusing(runsHandler: runsHandler)]) { channel in
            #expect(try await errorOf { try await channel.call("x") }.code == .permissionDenied)
            let error = try await errorOf {
                for try await _ in channel.serverStreaming(TestMethods.list, "3", .default) {}
                return "no error"
            }
            #expect(error.code == .permissionDenied)
            let collected = try await errorOf {
                try await channel.clientStreaming(TestMethods.collect, .default) { try await $0.write("x") }
            }
            #expect(collected.code == .permissionDenied)
        }
    }

    @Test func outcomeAtTheClient() async throws {
        struct Renaming: ClientInterceptor {
            nonisolated(nonsending) func intercept(
                _ call: ClientCall, next: ClientNext
            ) async throws(RPCError) -> Metadata {
                do throws(RPCError) { return try await next(call) } catch {
                    throw RPCError(.dataLoss, "was \(error.code.name)")
                }
            }
        }
        let service = TestService(
            { _, _ in throw RPCError(.aborted, "x") },
            list: { request, responses, _ in
                try await responses.write(request)
                throw RPCError(.aborted, "x")
            })
        try await connect(service, client: [Renaming()]) { channel in
            let unary = try await errorOf { try await channel.call("x") }
            #expect(unary.message == "was ABORTED")
            var responses = channel.serverStreaming(TestMethods.list, "x", .default).makeAsyncIterator()
            let first = try await responses.next()
            #expect(first == "x")
            do throws(RPCError) {
                _ = try await responses.next()
                Issue.record("the stream ended well")
            } catch {
                #expect(error.message == "was ABORTED")
            }
        }
    }

    @Test func retriesUnaryCalls() async throws {
        struct Retrying: ClientInterceptor {
            nonisolated(nonsending) func intercept(
                _ call: ClientCall, next: ClientNext
            ) async throws(RPCError) -> Metadata {
                for _ in 0..<2 {
                    do throws(RPCError) { return try await next(call) } catch {
                        guard error.code == .aborted else { throw error }
                    }
                }
                return try await next(call)
            }
        }
        let attempts = Shared(0)
        let service = TestService { request, _ in
            attempts.change { $0 += 1 }
            guard attempts.value == 3 else { throw RPCError(.aborted, "again") }
            return request
        }
        try await connect(service, client: [Retrying()]) { channel in
            #expect(try await channel.call("x") == "x")
            let error = try await errorOf { try await channel.start(TestMethods.missing, "x", .default).response() }
            #expect(error.code == .unimplemented)
        }
    }

    /// A client's interceptor that doesn't call `next` must throw.
    @Test func successOutOfNothing() async throws {
        struct Lazy: ClientInterceptor {
            nonisolated(nonsending) func intercept(
                _ call: ClientCall, next: ClientNext
            ) async throws(RPCError) -> Metadata {
                [:]
            }
        }
        try await connect(TestService(), client: [Lazy()]) { channel in
            let unary = try await errorOf { try await channel.call("x") }
            #expect(unary.code == .internalError)
            let call = channel.start(TestMethods.chat, nil, .default)
            let stream = try await errorOf {
                try await call.requests.write("x")
                return "no error"
            }
            #expect(stream.code == .internalError)
        }
    }

    /// A client's interceptor that fails before the call begins, or waits for ever, doesn't hold up a cancelled caller.
    @Test func cancelledInAnInterceptor() async throws {
        struct Waiting: ClientInterceptor {
            nonisolated(nonsending) func intercept(
                _ call: ClientCall, next: ClientNext
            ) async throws(RPCError) -> Metadata {
                do { try await Task.sleep(for: .seconds(60)) } catch {
                    throw RPCError(.cancelled, "in the interceptor")
                }
                return try await next(call)
            }
        }
        try await connect(TestService(), client: [Waiting()]) { channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            let reader = Task {
                var iterator = call.responses.makeAsyncIterator()
                return try await iterator.next() ?? "the end"
            }
            try await Task.sleep(for: .milliseconds(20))
            reader.cancel()
            #expect(try await errorOf { try await reader.value }.message == "in the interceptor")
        }
    }

    /// A message of another type is the interceptor's mistake, and said so.
    @Test func changedType() async throws {
        struct Other: Message {
            static let messageName = "test.Other"

            init() {}
            init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {}
            func withSerialized<R>(
                _ body: (_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> R
            ) throws(EncodingError) -> R {
                body(0) { _ in }
            }
        }
        struct Changing: ServerInterceptor {
            nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
                context.mapResponses { (_) throws(RPCError) in Other() }
                try await next()
            }
        }
        try await connect(TestService(), server: [Changing()]) { channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .internalError && error.message.contains("test.Other"))
        }
    }
}
