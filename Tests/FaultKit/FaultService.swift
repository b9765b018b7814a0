package import Martlet

package enum FaultMethods {
    private static let file = FileDescriptor("faults.proto", base64: "")
    package static let service = ServiceDescriptor("martlet.faults.Faults", in: file)
    /// Returns its request.
    package static let echo = Method<Payload, Payload>(service, "Echo", .unary)
    /// As many messages as the request's seed says, each of the request's size, numbered.
    package static let count = Method<Payload, Payload>(service, "Count", .serverStreaming)
    /// The sum of the seeds of its requests.
    package static let sum = Method<Payload, Payload>(service, "Sum", .clientStreaming)
    /// Returns each request.
    package static let chat = Method<Payload, Payload>(service, "Chat", .bidirectional)
}

/// What faults happen to: a method of each shape, whose responses follow from its requests.
package struct FaultService: RPCService {
    package init() {}

    package func register(in router: inout Router) {
        router.register(
            FaultMethods.service,
            [
                .unary(FaultMethods.echo) { request, _ in request },
                .serverStreaming(FaultMethods.count) { request, responses, _ in
                    for number in 0..<request.seed {
                        try await responses.write(Payload(seed: number, count: request.count))
                    }
                },
                .clientStreaming(FaultMethods.sum) { requests, _ in
                    var sum: UInt64 = 0
                    for try await request in requests { sum &+= request.seed }
                    return Payload(seed: sum)
                },
                .bidirectional(FaultMethods.chat) { requests, responses, _ in
                    for try await request in requests { try await responses.write(request) }
                },
            ])
    }
}
