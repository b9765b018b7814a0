internal import MartletCore

/// Answers the questions of one stream.
struct ReflectionAnswers {
    private typealias Answer = GRPCReflectionV1.ServerReflectionResponse.MessageResponse

    private let index: ReflectionIndex
    /// The names of the files that the client has had.
    private var sent: Set<String> = []

    init(_ index: ReflectionIndex) { self.index = index }

    mutating func answer(
        _ request: GRPCReflectionV1.ServerReflectionRequest
    ) -> GRPCReflectionV1.ServerReflectionResponse {
        .init(validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest))
    }

    private mutating func answer(
        _ question: GRPCReflectionV1.ServerReflectionRequest.MessageRequest?
    ) -> Answer {
        switch question {
        case .fileByFilename(let name):
            return file(index.contains(file: name) ? name : nil) { "no file \"\(name)\"" }
        case .fileContainingSymbol(let symbol):
            return file(index.file(declaring: symbol)) { "nothing of the name \"\(symbol)\"" }
        case .fileContainingExtension(let wanted):
            return file(index.file(extending: wanted.containingType, with: wanted.extensionNumber)) {
                "no extension \(wanted.extensionNumber) of \"\(wanted.containingType)\""
            }
        case .allExtensionNumbersOfType(let message):
            guard let numbers = index.extensionNumbers(of: message) else {
                return error(.notFound, "the server has nothing of the name \"\(message)\"")
            }
            return .allExtensionNumbersResponse(.init(baseTypeName: message, extensionNumber: numbers))
        case .listServices:
            return .listServicesResponse(.init(service: index.services.map { .init(name: $0) }))
        case nil:
            return error(.invalidArgument, "the request asks for nothing that this server can answer")
        }
    }

    private mutating func file(_ name: String?, _ missing: () -> String) -> Answer {
        guard let name else { return error(.notFound, "the server has \(missing())") }
        return .fileDescriptorResponse(.init(fileDescriptorProto: index.descriptors(of: name, sent: &sent)))
    }

    /// Names that are too long to be any come back shortened.
    private func error(_ code: StatusCode, _ message: String) -> Answer {
        let message = message.count > 400 ? "\(message.prefix(400))…" : message
        return .errorResponse(.init(errorCode: code.rawValue, errorMessage: message))
    }
}
