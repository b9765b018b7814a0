import CatalogAPI
import GreetingAPI
import MartletMessages
import NoteAPI
import ShelfAPI
import Testing

/// Answers every unary call with one message, which goes through its bytes as over a wire.
private struct Answering: CallInvoker {
    let bytes: [UInt8]

    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: MartletMessages.Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        do {
            return UnaryReply(try Response(serialized: bytes))
        } catch {
            throw RPCError(.internalError, "\(method.descriptor): \(error)")
        }
    }

    func start<Request, Response>(
        _ method: MartletMessages.Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        preconditionFailure("\(method.descriptor) streams, and the services here don't")
    }
}

private struct Greeter: GreetingService {
    func greet(_ request: GreetRequest, context: ServerContext) async throws -> Greeting {
        Greeting(text: "Hello, \(request.name)")
    }
}

@Suite struct PluginPackageTests {
    @Test func clientOfAGeneratedService() async throws {
        let greeting = Greeting(text: "Hello", language: Language(code: "en"), saidAt: .init(seconds: 1_700_000_000))
        let client = GreetingServiceClient(Answering(bytes: try greeting.serialized()))
        let answer = try await client.greet(GreetRequest(name: "Ada"))
        #expect(answer == greeting)
        #expect(answer.languageCode == "en")
    }

    @Test func typesOfAnotherModule() async throws {
        let shelf = Shelf(
            greetings: [Greeting(text: "a"), Greeting(text: "b")], language: Language(code: "en"), item: .untitled)
        let client = ShelfServiceClient(Answering(bytes: try shelf.serialized()))
        #expect(try await client.put(Greeting(text: "b")).count == 2)
    }

    @Test func typesOfOtherModulesInCommittedCode() throws {
        let note = Note(item: .untitled, greeting: Greeting(text: "a"))
        #expect(try Note(serialized: note.serialized()) == note)
    }

    @Test func filesKnowWhatTheyImport() {
        let file = ShelfServiceMethods.service.file
        #expect(file.imports.map(\.name).contains("shelf/options.proto"))
        let options = file.imports.first { $0.name == "shelf/options.proto" }
        #expect(options?.imports.map(\.name) == ["google/protobuf/descriptor.proto"])
        let registry = TypeRegistry(files: [ShelfShelfProto.self])
        #expect(registry.messageType(named: "common.Language") == Language.self)
    }

    @Test func methodsNameTheirService() {
        #expect(GreetingServiceMethods.greet.descriptor.description == "greeting.v1.GreetingService/Greet")
        #expect(GreetingServiceMethods.service.file.name == "greeting/v1/greeting_service.proto")
        var router = Router()
        Greeter().register(in: &router)
    }
}
