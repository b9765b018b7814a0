internal import Martlet

/// Of requests and of responses, in the order of the descriptions.
private let requestSizes = [27182, 8, 1828, 45904]
private let responseSizes = [31415, 9, 2653, 58979]

extension InteropCase {
    static let streams: [InteropCase] = [
        InteropCase("client_streaming") { client in
            let response = try await client.service.streamingInputCall { requests in
                for size in requestSizes { try await requests.write(.init(payload: Payload(zeros: size))) }
            }
            try expect("aggregated_payload_size", response.aggregatedPayloadSize, is: 74922)
        },
        InteropCase("client_compressed_streaming") { client in
            let large = StreamingInputCallRequest(
                payload: Payload(zeros: 27182), expectCompressed: BoolValue(value: true))
            try await expect(.invalidArgument, of: "an uncompressed request that says it is compressed") {
                _ = try await client.service.streamingInputCall { try await $0.write(large) }
            }
            let response = try await client.service.streamingInputCall(options: CallOptions(compression: .gzip)) {
                try await $0.write(large)
                try await $0.write(
                    .init(payload: Payload(zeros: 45904), expectCompressed: BoolValue(value: false)), compressed: false)
            }
            try expect("aggregated_payload_size", response.aggregatedPayloadSize, is: 73086)
        },
        InteropCase("server_streaming") { client in
            let request = StreamingOutputCallRequest(responseParameters: responseSizes.map { .init(size: Int32($0)) })
            try expect(try await client.service.streamingOutputCall(request).collected(), sizes: responseSizes)
        },
        InteropCase("server_compressed_streaming") { client in
            let orders = [(size: 31415, isCompressed: true), (size: 92653, isCompressed: false)]
            let request = StreamingOutputCallRequest(
                responseParameters: orders.map {
                    .init(size: Int32($0.size), compressed: BoolValue(value: $0.isCompressed))
                })
            let responses = try await client.service.streamingOutputCall(request).received.collected()
            try expect(responses.map(\.message), sizes: orders.map(\.size))
            try expect(
                "whether the responses are compressed", responses.map(\.wasCompressed), is: orders.map(\.isCompressed))
        },
        InteropCase("ping_pong") { client in
            try await client.service.fullDuplexCall { requests, responses in
                var iterator = responses.makeAsyncIterator()
                for (requestSize, responseSize) in zip(requestSizes, responseSizes) {
                    try await requests.write(.one(request: requestSize, response: responseSize))
                    guard let response = try await iterator.next() else { throw Unexpected("the responses end early") }
                    try expect(response.payload, zeros: responseSize)
                }
                requests.finish()
                try expect(try await iterator.next() == nil, "there are more responses than requests")
            }
        },
        InteropCase("empty_stream") { client in
            try await client.service.fullDuplexCall { requests, responses in
                requests.finish()
                try expect("the number of responses", try await responses.collected().count, is: 0)
            }
        },
    ]
}

extension StreamingOutputCallRequest {
    /// A request that orders one response.
    static func one(request: Int, response: Int) -> StreamingOutputCallRequest {
        StreamingOutputCallRequest(
            responseParameters: [.init(size: Int32(response))], payload: Payload(zeros: request))
    }
}

private func expect(_ responses: [StreamingOutputCallResponse], sizes: [Int]) throws(Unexpected) {
    try expect("the number of responses", responses.count, is: sizes.count)
    for (response, size) in zip(responses, sizes) { try expect(response.payload, zeros: size) }
}
