package import Martlet

/// `grpc.testing.TestService` as the official description of the interoperability tests has it
/// (https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md, "Server").
///
/// It registers its methods one by one instead of implementing the generated protocol, since clients expect that
/// `UnimplementedCall` isn't there. `CacheableUnaryCall` is for HTTP's GET and isn't there either.
package struct InteropService: RPCService {
    /// The largest payload that a client may ask for: 64 MiB. The description sets no limit.
    private static let maxPayloadBytes: Int32 = 64 << 20
    /// How many responses a client of `HalfDuplexCall` may order before it half-closes.
    private static let maxOrders = 10_000

    package init() {}

    package func register(in router: inout Router) {
        router.register(
            TestServiceMethods.service,
            [
                .unary(TestServiceMethods.emptyCall) { _, context in
                    context.echoMetadata()
                    return Empty()
                },
                .unary(TestServiceMethods.unaryCall) { try Self.answer($0, $1) },
                .serverStreaming(TestServiceMethods.streamingOutputCall) { request, responses, context in
                    context.echoMetadata()
                    context.responseCompression = .gzip
                    try await Self.answer(request, to: responses)
                },
                .clientStreaming(TestServiceMethods.streamingInputCall) { requests, context in
                    try await Self.count(requests, context)
                },
                .bidirectional(TestServiceMethods.fullDuplexCall) { requests, responses, context in
                    context.echoMetadata()
                    context.responseCompression = .gzip
                    for try await request in requests { try await Self.answer(request, to: responses) }
                },
                .bidirectional(TestServiceMethods.halfDuplexCall) { requests, responses, context in
                    context.echoMetadata()
                    context.responseCompression = .gzip
                    for order in try await Self.gather(requests) { try await Self.answer(order, to: responses) }
                },
            ])
    }

    private static func answer(_ request: SimpleRequest, _ context: ServerContext) throws -> SimpleResponse {
        context.echoMetadata()
        try check(request.expectCompressed, wasCompressed: context.requestWasCompressed)
        try fail(with: request.responseStatus)
        if request.responseCompressed?.value == true { context.responseCompression = .gzip }
        return SimpleResponse(payload: try payload(request.responseType, bytes: request.responseSize))
    }

    private static func answer(
        _ request: StreamingOutputCallRequest, to responses: MessageWriter<StreamingOutputCallResponse>
    ) async throws {
        try fail(with: request.responseStatus)
        for order in request.responseParameters {
            if order.intervalUs > 0 { try await Task.sleep(for: .microseconds(order.intervalUs)) }
            let response = StreamingOutputCallResponse(payload: try payload(request.responseType, bytes: order.size))
            try await responses.write(response, compressed: order.compressed?.value ?? false)
        }
    }

    private static func count(
        _ requests: MessageStream<StreamingInputCallRequest>, _ context: ServerContext
    ) async throws -> StreamingInputCallResponse {
        context.echoMetadata()
        var size: Int32 = 0
        for try await request in requests.received {
            try check(request.message.expectCompressed, wasCompressed: request.wasCompressed)
            let (sum, overflows) = size.addingReportingOverflow(Int32(request.message.payload?.body.count ?? 0))
            guard !overflows else { throw RPCError(.outOfRange, "the payloads have more than \(Int32.max) bytes") }
            size = sum
        }
        return StreamingInputCallResponse(aggregatedPayloadSize: size)
    }

    /// What all requests order, without their payloads.
    private static func gather(
        _ requests: MessageStream<StreamingOutputCallRequest>
    ) async throws -> [StreamingOutputCallRequest] {
        var orders: [StreamingOutputCallRequest] = []
        var count = 0
        for try await var request in requests {
            request.payload = nil
            count += 1 + request.responseParameters.count
            guard count <= maxOrders else {
                throw RPCError(.resourceExhausted, "HalfDuplexCall takes orders for \(maxOrders) responses at most")
            }
            orders.append(request)
        }
        return orders
    }

    private static func fail(with status: EchoStatus?) throws(RPCError) {
        guard let status, status.code != 0 else { return }
        throw RPCError(StatusCode(wire: status.code), status.message)
    }

    private static func check(_ expected: BoolValue?, wasCompressed: Bool) throws(RPCError) {
        guard let expected, expected.value != wasCompressed else { return }
        throw RPCError(
            .invalidArgument,
            wasCompressed ? "a request came compressed that says it isn't" : "a request says it is compressed and isn't"
        )
    }

    private static func payload(_ type: PayloadType, bytes size: Int32) throws(RPCError) -> Payload {
        guard type == .compressable else {
            throw RPCError(.invalidArgument, "response_type is \(type.rawValue); there is only COMPRESSABLE (0)")
        }
        guard (0...maxPayloadBytes).contains(size) else {
            throw RPCError(
                .invalidArgument, "a response of \(size) bytes is asked for; 0 to \(maxPayloadBytes) are possible")
        }
        return Payload(zeros: Int(size))
    }
}
