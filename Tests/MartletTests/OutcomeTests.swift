import Martlet
import Testing

/// The outcome rules: a timeout is always DEADLINE_EXCEEDED, a cancelled call always CANCELLED, on both sides.
@Suite struct OutcomeTests {
    private struct Secret: Error, CustomStringConvertible {
        var description: String { "password=hunter2" }
    }

    @Test func statusMessageAndDetailsReachTheCaller() async throws {
        let detail = ErrorDetail(typeURL: "type.googleapis.com/test.Detail", bytes: [1, 2, 3])
        let service = TestService { _, _ in throw RPCError(.notFound, "no user ü-1", details: [detail]) }
        try await withServerAndChannel(service) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .notFound)
            #expect(error.message == "no user ü-1")
            #expect(error.details == [detail])
            #expect(error.origin == .peer)
            #expect(!error.isSafeToRetry)
        }
    }

    @Test func foreignErrorsAreUnknownAndLeakNothing() async throws {
        try await withServerAndChannel(TestService { _, _ in throw Secret() }) { _, channel in
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unknown)
            #expect(!error.description.contains("hunter2"))
        }
    }

    @Test func anUnknownMethodIsNamed() async throws {
        try await withServerAndChannel(TestService.echo) { _, channel in
            let method = try await errorOf {
                try await channel.unary(TestMethods.missing, "x", .default)
            }
            #expect(method.code == .unimplemented)
            #expect(method.message == "the service test.Service has no method \"Missing\"")
            #expect(method.isSafeToRetry)
            let service = try await errorOf {
                try await channel.unary(TestMethods.elsewhere, "x", .default)
            }
            #expect(service.message == "the server has no service \"test.Other\"; it has test.Service")
        }
    }

    @Test func messagesThatCannotBeReadAreInternal() async throws {
        let service = TestService { request, _ in Text(count: 0).with(bytes: request.bytes == [1] ? [0xFF] : [1]) }
        try await withServerAndChannel(service) { _, channel in
            let request = try await errorOf {
                try await channel.call(Text("").with(bytes: [0xFF]))
            }
            #expect(request.code == .internalError)
            #expect(request.message.contains("cannot decode test.Text"))
            let response = try await errorOf {
                try await channel.call(Text("").with(bytes: [1]))
            }
            #expect(response.code == .internalError)
            #expect(response.origin == .local)
            #expect(response.message.hasPrefix("the response to test.Service/Call: cannot decode test.Text"))
        }
    }

    @Test func oversizedMessagesNameBothSizes() async throws {
        let service = TestService { request, _ in Text(count: request.text == "large" ? 2_000_000 : 1) }
        try await withServerAndChannel(
            service, server: .test { $0.maxMessageBytes = 1 << 20 },
            channel: .test { $0.maxMessageBytes = 1 << 20 }
        ) { _, channel in
            let request = try await errorOf { try await channel.call(Text(count: 3_000_000)) }
            #expect(request.code == .resourceExhausted)
            #expect(request.message.contains("1048576"))
            let response = try await errorOf { try await channel.call("large") }
            #expect(response.code == .resourceExhausted)
            #expect(response.message.contains("1048576"))
            let small = try await channel.call("small")
            #expect(small.bytes.count == 1)
        }
    }

    /// The error of a call whose handler begins before its time is up. Half a second may be over by then where threads are
    /// scarce: a call that hasn't got so far is followed by one with twice the time.
    ///
    /// - Parameter begun: How many handlers have begun.
    private func errorAtDeadline(_ channel: ClientChannel, _ begun: Shared<Int>) async throws -> RPCError {
        var timeout = Duration.milliseconds(500)
        while true {
            let error = try await errorOf { try await channel.call("x", options: .timeout(timeout)) }
            guard error.code == .deadlineExceeded, begun.value == 0 else { return error }
            timeout *= 2
        }
    }

    @Test func aDeadlineEndsTheCallOnBothSides() async throws {
        let begun = Shared(0)
        let service = TestService { request, _ in
            if request == "first" { return request }
            begun.change { $0 += 1 }
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        try await withServerAndChannel(service) { server, channel in
            _ = try await channel.call("first")
            let error = try await errorAtDeadline(channel, begun)
            #expect(error.code == .deadlineExceeded)
            // The server's word of it may come before the client looks at its own clock.
            let isServers = error.origin == .peer
            #expect(error.message.contains(isServers ? "while the handler was running" : "test.Service/Call"))
            try await eventually("the handler's cancellation") {
                service.noted == Array(repeating: "cancelled", count: begun.value)
            }
            try await eventually { server.statistics.tasks == 0 }
        }
    }

    @Test func theServerAnswersAtTheDeadlineWithoutItsHandler() async throws {
        let begun = Shared(0)
        let isOpen = Shared(false)
        let service = TestService { request, _ in
            if request == "first" { return request }
            begun.change { $0 += 1 }
            // Deaf to cancellation.
            try await Task.detached { try await eventually("the gate's opening") { isOpen.value } }.value
            return "late"
        }
        try await withServerAndChannel(service) { server, channel in
            _ = try await channel.call("first")
            let error = try await errorAtDeadline(channel, begun)
            #expect(error.code == .deadlineExceeded)
            try await eventually { server.statistics.calls == 0 && server.statistics.tasks == begun.value }
            isOpen.change { $0 = true }
            try await eventually { server.statistics.tasks == 0 }
        }
    }

    @Test func aChannelsDefaultTimeoutHolds() async throws {
        let service = TestService { _, context in
            Text(try #require(context.deadline?.remaining) <= .seconds(30) ? "bounded" : "unbounded")
        }
        try await withServerAndChannel(service, channel: .test { $0.defaultTimeout = .seconds(30) }) { _, channel in
            let response = try await channel.call("x")
            #expect(response.text == "bounded")
        }
    }

    @Test func aDeadlineThatHasPassedSendsNothing() async throws {
        try await withServerAndChannel(TestService.echo) { _, channel in
            let error = try await errorOf {
                try await channel.call("x", options: .timeout(.zero))
            }
            #expect(error.code == .deadlineExceeded)
        }
    }

    @Test func cancellingTheCallerCancelsTheHandler() async throws {
        let begun = Shared(false)
        let service = TestService { _, _ in
            begun.change { $0 = true }
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        try await withServerAndChannel(service) { _, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually { begun.value }
            caller.cancel()
            let error = try await errorOf { try await caller.value }
            #expect(error.code == .cancelled)
            try await eventually("the handler's cancellation") { service.noted == ["cancelled"] }
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        try await withServerAndChannel(TestService.echo) { _, channel in
            let caller = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await channel.call("x")
            }
            let error = try await errorOf { try await caller.value }
            #expect(error.code == .cancelled)
        }
    }

    @Test func theRemainingDeadlineIsInherited() async throws {
        let inner = TestService { _, context in
            Text(try #require(context.deadline?.remaining) <= .seconds(20) ? "inherited" : "lost")
        }
        try await withServerAndChannel(inner) { _, next in
            let outer = TestService { request, _ in try await next.call(request, options: .timeout(.seconds(60))) }
            try await withServerAndChannel(outer) { _, channel in
                let response = try await channel.call("x", options: .timeout(.seconds(20)))
                #expect(response.text == "inherited")
            }
        }
    }

    @Test func aDeadlineCrossesTwoServices() async throws {
        let begunOuter = Shared(0)
        let begunInner = Shared(0)
        let inner = TestService { request, _ in
            if request == "first" { return request }
            begunInner.change { $0 += 1 }
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        try await withServerAndChannel(inner) { innerServer, next in
            let outer = TestService { request, _ in
                if request != "first" { begunOuter.change { $0 += 1 } }
                return try await next.call(request)
            }
            try await withServerAndChannel(outer) { outerServer, channel in
                _ = try await channel.call("first")
                let error = try await errorAtDeadline(channel, begunInner)
                #expect(error.code == .deadlineExceeded)
                try await eventually {
                    inner.noted == Array(repeating: "cancelled", count: begunInner.value)
                        && outer.noted == Array(repeating: "DEADLINE_EXCEEDED", count: begunOuter.value)
                }
                try await eventually { innerServer.statistics.tasks == 0 && outerServer.statistics.tasks == 0 }
            }
        }
    }
}

extension Text {
    fileprivate func with(bytes: [UInt8]) -> Text {
        var copy = self
        copy.bytes = bytes
        return copy
    }
}
