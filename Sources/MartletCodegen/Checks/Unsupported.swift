internal import MartletCore
internal import MartletSchema

/// Finds what is right in a schema and still can't be generated.
struct Unsupported {
    private(set) var diagnostics: [SchemaDiagnostic] = []

    init(boxing: Boxing, views: Views, file: FileModel) {
        for message in file.messages.flatMap(\.withNested) {
            for field in message.fields { check(field, of: message, boxing) }
        }
        for service in file.services {
            for method in service.methods { check(method, of: service, views) }
        }
    }

    private mutating func check(_ method: MethodModel, of service: ServiceModel, _ views: Views) {
        let name = "`\(service.fullName)/\(method.protoName)`"
        if method.shape != .unary, method.isSynchronous {
            diagnostics.append(
                method.documentation.place.error(
                    "\(name) streams, and what streams waits for its other end: take the option `martlet.synchronous` "
                        + "away"))
        }
        if method.shape.streamsRequests, method.viewsRequest {
            diagnostics.append(
                method.documentation.place.error(
                    "\(name) takes a stream of requests, of which there are no views: take the option "
                        + "`martlet.request_view` away"))
        } else if method.viewsRequest, !views.contain(method.request) {
            diagnostics.append(
                method.documentation.place.error(
                    "\(name) asks for a view of its request, but `\(method.request)` is not generated here, where it "
                        + "would get one: generate its file too, or take the option `martlet.request_view` away"))
        }
    }

    private mutating func check(_ field: FieldModel, of message: MessageModel, _ boxing: Boxing) {
        if case (.required, .message(let type)) = (field.cardinality, field.type),
            boxing.isRecursive(type, in: message.fullName)
        {
            diagnostics.append(
                field.documentation.place.error(
                    "the required field \"\(field.protoName)\" leads back to its own message, so that no such "
                        + "message could ever be complete; make it optional"))
        }
    }
}
