internal import Martlet

extension InteropCase {
    static let outcomes: [InteropCase] = [
        InteropCase("custom_metadata") { client in
            let options = CallOptions(metadata: [
                EchoMetadata.initial: "test_initial_metadata_value", EchoMetadata.trailing: abababInBase64,
            ])
            let reply = try await client.channel.unaryReply(TestServiceMethods.unaryCall, .large, options)
            try expect(initial: reply.initialMetadata, trailing: reply.trailingMetadata)

            let call = client.channel.start(TestServiceMethods.fullDuplexCall, nil, options)
            try await call.requests.write(.one(request: largeRequest, response: largeResponse))
            call.requests.finish()
            try expect("the number of responses", try await call.responses.collected().count, is: 1)
            try expect(initial: try await call.initialMetadata, trailing: try await call.trailingMetadata)
        },
        InteropCase("status_code_and_message") { client in
            try await client.expectEcho(of: "test status message", byStreamsToo: true)
        },
        InteropCase("special_status_message") { client in
            try await client.expectEcho(
                of: "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n", byStreamsToo: false)
        },
        InteropCase("unimplemented_method") { client in
            try await expect(.unimplemented, of: "UnimplementedCall") {
                _ = try await client.service.unimplementedCall(Empty())
            }
        },
        InteropCase("unimplemented_service") { client in
            try await expect(.unimplemented, of: "UnimplementedService") {
                _ = try await UnimplementedServiceClient(client.channel).unimplementedCall(Empty())
            }
        },
        InteropCase("cancel_after_begin") { client in
            let call = client.channel.start(TestServiceMethods.streamingInputCall, nil, .default)
            call.cancel()
            try await expect(.cancelled, of: "a call that was cancelled as it began") { _ = try await call.response() }
        },
        InteropCase("cancel_after_first_response") { client in
            let call = client.channel.start(TestServiceMethods.fullDuplexCall, nil, .default)
            try await call.requests.write(.one(request: 27182, response: 31415))
            var responses = call.responses.makeAsyncIterator()
            try expect(try await responses.next()?.payload, zeros: 31415)
            call.cancel()
            let next: StreamingOutputCallResponse?
            do throws(RPCError) { next = try await responses.next() } catch {
                return try expect("the status of a cancelled call", error.code, is: .cancelled)
            }
            throw Unexpected("a cancelled call goes on with \(next == nil ? "its end" : "a response")")
        },
        InteropCase("timeout_on_sleeping_server") { client in
            let call = client.channel.start(
                TestServiceMethods.fullDuplexCall, nil, .timeout(.milliseconds(1)))
            try await expect(.deadlineExceeded, of: "a call with 1 ms to a server that waits") {
                try await call.requests.write(.init(payload: Payload(zeros: 27182)))
                _ = try await call.responses.collected()
            }
        },
    ]
}

/// 0xababab
private let abababInBase64 = "q6ur"

private func expect(initial: Metadata, trailing: Metadata) throws(Unexpected) {
    try expect(
        EchoMetadata.initial, initial.values(for: EchoMetadata.initial), is: ["test_initial_metadata_value"])
    try expect(EchoMetadata.trailing, trailing.values(for: EchoMetadata.trailing), is: [abababInBase64])
}

extension InteropClient {
    /// Asks for a status and expects that it comes.
    fileprivate func expectEcho(of message: String, byStreamsToo: Bool) async throws {
        let status = EchoStatus(code: StatusCode.unknown.rawValue, message: message)
        try await expect(.unknown, message: message, of: "UnaryCall") {
            _ = try await service.unaryCall(SimpleRequest(responseStatus: status))
        }
        guard byStreamsToo else { return }
        try await expect(.unknown, message: message, of: "FullDuplexCall") {
            try await service.fullDuplexCall { requests, responses in
                try await requests.write(StreamingOutputCallRequest(responseStatus: status))
                requests.finish()
                _ = try await responses.collected()
            }
        }
    }
}
