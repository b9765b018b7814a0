internal import MartletSchema

/// Finds what is right in a schema and still can't be generated.
struct Unsupported {
    private(set) var diagnostics: [SchemaDiagnostic] = []

    init(boxing: Boxing, file: FileModel) {
        for message in file.messages.flatMap(\.withNested) {
            for field in message.fields { check(field, of: message, boxing) }
        }
        for service in file.services {
            for method in service.methods where method.isStreaming {
                diagnostics.append(
                    method.documentation.place.error(
                        "streaming methods are generated in a later version: "
                            + "`\(service.fullName)/\(method.protoName)`"))
            }
        }
    }

    private mutating func check(_ field: FieldModel, of message: MessageModel, _ boxing: Boxing) {
        if field.isGroup {
            diagnostics.append(
                field.documentation.place.error(
                    "groups are generated in a later version: `\(message.fullName).\(field.protoName)`; "
                        + "use a nested message and a field"))
        } else if case (.required, .message(let type)) = (field.cardinality, field.type),
            boxing.isRecursive(type, in: message.fullName)
        {
            diagnostics.append(
                field.documentation.place.error(
                    "the required field \"\(field.protoName)\" leads back to its own message, so that no such "
                        + "message could ever be complete; make it optional"))
        }
    }
}
