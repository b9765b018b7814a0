import Martlet
import MartletDescriptors
import MartletServices
import MartletTesting
import Testing

/// What clients without `.proto` files ask, over both names of the service.
@Suite(.timeLimit(.minutes(1))) struct ReflectionTests {
    typealias Request = GRPCReflectionV1.ServerReflectionRequest
    typealias Response = GRPCReflectionV1.ServerReflectionResponse

    private static let catalog = "martlet/reflected/catalog.proto"
    private static let shelf = "martlet/reflected/shelf.proto"
    private static let reviews = "martlet/reflected/reviews.proto"
    private static let timestamp = "google/protobuf/timestamp.proto"
    private static let health = "grpc/health/v1/health.proto"

    enum Answer: Equatable, CustomTestStringConvertible {
        /// By their names, the one asked for first.
        case files([String])
        case numbers([Int32])
        case services([String])
        case error(StatusCode)

        var testDescription: String { "\(self)" }
    }

    private static let questions: [(Request.MessageRequest?, Answer)] =
        [
            (
                .listServices("*"),
                .services([
                    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                    "grpc.reflection.v1alpha.ServerReflection", "martlet.reflected.Catalog",
                ])
            ),
            (.fileByFilename(catalog), .files([catalog, shelf, timestamp])),
            (.fileByFilename(timestamp), .files([timestamp])),
            (.fileByFilename(reviews), .files([reviews, catalog, shelf, timestamp])),
            (.fileByFilename("catalog.proto"), .error(.notFound)),
            (.fileByFilename(""), .error(.notFound)),
            (.fileContainingSymbol("google.protobuf.Timestamp"), .files([timestamp])),
            (.fileContainingSymbol("grpc.health.v1.Health.Watch"), .files([health])),
            (
                .fileContainingSymbol("grpc.reflection.v1alpha.ServerReflection"),
                .files(["grpc/reflection/v1alpha/reflection.proto"])
            ),
            (
                .fileContainingExtension(.init(containingType: "martlet.reflected.Book", extensionNumber: 101)),
                .files([reviews, catalog, shelf, timestamp])
            ),
            (
                .fileContainingExtension(.init(containingType: "martlet.reflected.Book", extensionNumber: 102)),
                .error(.notFound)
            ),
            (.fileContainingExtension(.init(containingType: "no.Such", extensionNumber: 100)), .error(.notFound)),
            (.allExtensionNumbersOfType("martlet.reflected.Book"), .numbers([100, 101])),
            (.allExtensionNumbersOfType("martlet.reflected.Shelf"), .numbers([])),
            (.allExtensionNumbersOfType("no.Such"), .error(.notFound)),
            (nil, .error(.invalidArgument)),
        ]
        // One of everything that has a name.
        + [
            "Catalog", "Catalog.GetBook", "Book", "Book.title", "Book.place", "Book.borrower", "Book.Genre",
            "Book.GENRE_NOVEL", "Book.Page", "Book.Page.number", "Language", "LANGUAGE_LATIN",
        ].map { (.fileContainingSymbol("martlet.reflected.\($0)"), .files([catalog, shelf, timestamp])) }
        + ["stars", "Review", "Review.best"].map {
            (.fileContainingSymbol("martlet.reflected.\($0)"), .files([reviews, catalog, shelf, timestamp]))
        }
        + [
            "", "martlet.reflected", "martlet.reflected.Books", "martlet.reflected.Book.Genre.GENRE_NOVEL",
            ".martlet.reflected.Book", "Book", String(repeating: "x", count: 100_000),
        ].map { (.fileContainingSymbol($0), .error(.notFound)) }

    private static let methods = [
        GRPCReflectionV1.ServerReflectionMethods.serverReflectionInfo,
        Method<Request, Response>(
            GRPCReflectionV1Alpha.ServerReflectionMethods.service, "ServerReflectionInfo", .bidirectional),
    ]

    private func withReflection(_ body: (ClientChannel) async throws -> Void) async throws {
        let reflection = ReflectionService(files: [MartletReflectedReviewsProto.self])
        try await withServer([Books(), HealthService(), reflection], body)
    }

    /// Each on a stream of its own, where no file has been sent yet.
    @Test(arguments: [0, 1]) func answersEachQuestion(version: Int) async throws {
        try await withReflection { channel in
            for (question, answer) in Self.questions {
                let call = channel.start(Self.methods[version], nil, .default)
                let request = Request(host: "example.com", messageRequest: question)
                try await call.requests.write(request)
                call.requests.finish()
                let response = try await call.response()
                #expect(response.validHost == "example.com")
                #expect(response.originalRequest == request)
                let given = try Answer(response)
                #expect(given == answer, "\("\(request)".prefix(200))")
            }
        }
    }

    @Test func anErrorKeepsTheStreamOpenAndFilesAreSentOnce() async throws {
        try await withReflection { channel in
            let call = channel.start(Self.methods[0], nil, .default)
            var responses = call.responses.makeAsyncIterator()
            for (question, answer) in [
                (Request.MessageRequest.fileContainingSymbol("no.Such"), Answer.error(.notFound)),
                (.fileByFilename(Self.shelf), .files([Self.shelf, Self.timestamp])),
                (.fileByFilename("no/such.proto"), .error(.notFound)),
                (.fileByFilename(Self.reviews), .files([Self.reviews, Self.catalog])),
                // What is asked for comes each time.
                (.fileByFilename(Self.timestamp), .files([Self.timestamp])),
            ] {
                try await call.requests.write(.init(messageRequest: question))
                let response = try #require(try await responses.next())
                #expect(try Answer(response) == answer)
            }
            call.requests.finish()
            let end = try await responses.next()
            #expect(end == nil)
        }
    }

    @Test func anErrorsTextIsShort() async throws {
        try await withReflection { channel in
            let call = channel.start(Self.methods[0], nil, .default)
            let name = String(repeating: "x", count: 100_000)
            try await call.requests.write(.init(messageRequest: .fileContainingSymbol(name)))
            call.requests.finish()
            guard case .errorResponse(let error) = try await call.response().messageResponse else {
                Issue.record("no error")
                return
            }
            #expect(error.errorMessage.hasPrefix("the server has nothing of the name \"xxx"))
            #expect(error.errorMessage.utf8.count < 1000)
        }
    }

    /// What is sent is the whole file, so that a client can link it.
    @Test func descriptorsAreWhole() async throws {
        try await withReflection { channel in
            let call = channel.start(Self.methods[0], nil, .default)
            try await call.requests.write(.init(messageRequest: .fileContainingSymbol("martlet.reflected.Catalog")))
            call.requests.finish()
            guard case .fileDescriptorResponse(let files) = try await call.response().messageResponse else {
                Issue.record("no file")
                return
            }
            let file = try GoogleProtobuf.FileDescriptorProto(serialized: files.fileDescriptorProto[0])
            #expect(file.dependency == [Self.shelf])
            #expect(file.messageType.map(\.name) == ["GetBookRequest", "Book"])
            #expect(file.service[0].method.map(\.outputType) == [".martlet.reflected.Book", ".martlet.reflected.Book"])
            #expect(file.service[0].method.map { $0.serverStreaming ?? false } == [false, true])
        }
    }
}

extension ReflectionTests.Answer {
    init(_ response: ReflectionTests.Response) throws {
        switch response.messageResponse {
        case .fileDescriptorResponse(let files):
            self = .files(
                try files.fileDescriptorProto.map { try GoogleProtobuf.FileDescriptorProto(serialized: $0).name ?? "" })
        case .allExtensionNumbersResponse(let numbers): self = .numbers(numbers.extensionNumber)
        case .listServicesResponse(let services): self = .services(services.service.map(\.name))
        case .errorResponse(let error): self = .error(StatusCode(wire: error.errorCode))
        case nil: throw RPCError(.dataLoss, "an empty response")
        }
    }
}
