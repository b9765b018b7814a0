public import MartletCore
public import MartletMessages
private import Synchronization

/// Describes the services of its server to clients that have no `.proto` files, such as grpcurl and Postman:
/// `grpc.reflection.v1.ServerReflection`, and `v1alpha` for those that know no other.
public struct ReflectionService: GRPCReflectionV1.ServerReflection {
    private let catalog: ReflectionCatalog

    /// - Parameter files: Files to tell of beside those of the services and what they import, such as those with
    ///   extensions or with the messages that an `Any` may hold: `[OrdersV1ReportsProto.self]`. Default: none.
    public init(files: [any GeneratedFile.Type] = []) {
        catalog = ReflectionCatalog(files: files.map { $0.descriptor })
    }

    public func register(in router: inout Router) {
        registerGRPCReflectionV1ServerReflection(in: &router)
        // The same messages under another name.
        let alpha = GRPCReflectionV1Alpha.ServerReflectionMethods.self
        let method = Method<GRPCReflectionV1.ServerReflectionRequest, GRPCReflectionV1.ServerReflectionResponse>(
            alpha.service, alpha.serverReflectionInfo.descriptor.name, .bidirectional)
        router.register(
            alpha.service,
            [
                .bidirectional(method) { try await self.serverReflectionInfo($0, to: $1, context: $2) }
            ])
    }

    public func serverStarts(_ services: [ServiceDescriptor]) { catalog.describe(services) }

    public nonisolated(nonsending) func serverReflectionInfo(
        _ requests: MessageStream<GRPCReflectionV1.ServerReflectionRequest>,
        to responses: MessageWriter<GRPCReflectionV1.ServerReflectionResponse>, context: ServerContext
    ) async throws {
        var answers = ReflectionAnswers(catalog.index)
        for try await request in requests { try await responses.write(answers.answer(request)) }
    }
}

/// Makes the index when the first client asks.
private final class ReflectionCatalog: Sendable {
    private struct State {
        var services: [ServiceDescriptor] = []
        var index: ReflectionIndex?
    }

    private let files: [FileDescriptor]
    private let state = Mutex(State())

    init(files: [FileDescriptor]) { self.files = files }

    func describe(_ services: [ServiceDescriptor]) { state.withLock { $0 = State(services: services) } }

    var index: ReflectionIndex {
        state.withLock { state in
            if let index = state.index { return index }
            let index = ReflectionIndex(services: state.services, files: files)
            state.index = index
            return index
        }
    }
}
