internal import Martlet

extension InteropCase {
    static let unary: [InteropCase] = [
        InteropCase("empty_unary") { client in
            let response = try await client.service.emptyCall(Empty())
            try expect("the response's unknown fields", response.unknownFields.isEmpty, is: true)
        },
        InteropCase("large_unary") { client in
            try await client.largeUnary()
        },
        InteropCase("client_compressed_unary") { client in
            var request = SimpleRequest.large
            request.expectCompressed = BoolValue(value: true)
            try await expect(.invalidArgument, of: "an uncompressed request that says it is compressed") {
                _ = try await client.service.unaryCall(request)
            }
            let compressed = try await client.service.unaryCall(request, options: CallOptions(compression: .gzip))
            try expect(compressed.payload, zeros: largeResponse)
            request.expectCompressed = BoolValue(value: false)
            try expect(try await client.service.unaryCall(request).payload, zeros: largeResponse)
        },
        InteropCase("server_compressed_unary") { client in
            for isCompressed in [true, false] {
                var request = SimpleRequest.large
                request.responseCompressed = BoolValue(value: isCompressed)
                let call = client.channel.start(TestServiceMethods.unaryCall, request, .default)
                let responses = try await call.responses.received.collected()
                try expect("the number of responses", responses.count, is: 1)
                try expect(responses[0].message.payload, zeros: largeResponse)
                try expect(
                    "whether the response is compressed (\(isCompressed) was asked for)", responses[0].wasCompressed,
                    is: isCompressed)
            }
        },
    ]
}

let largeRequest = 271_828
let largeResponse = 314_159

extension SimpleRequest {
    static let large = sized(request: largeRequest, response: largeResponse)

    static func sized(request: Int, response: Int) -> SimpleRequest {
        SimpleRequest(responseSize: Int32(response), payload: Payload(zeros: request))
    }
}

extension InteropClient {
    func largeUnary() async throws {
        try expect(try await service.unaryCall(.large).payload, zeros: largeResponse)
    }
}

extension AsyncSequence where Failure == RPCError {
    /// Everything to the stream's end.
    nonisolated(nonsending) func collected() async throws(RPCError) -> [Element] {
        var all: [Element] = []
        for try await element in self { all.append(element) }
        return all
    }
}
