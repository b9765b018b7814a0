internal import MartletMessages

/// Reads one message of the suite and writes it again.
enum Testee {
    static func answer(_ request: ConformanceRequest) -> ConformanceResponse {
        // The runner's first question: which tests the testee expects to fail. The runner has a file for that.
        if request.messageType == FailureSet.messageName { return written(FailureSet(), as: .protobuf) }
        guard let type = registry.messageType(named: request.messageType) else {
            return ConformanceResponse(result: .skipped("there is no message \(request.messageType)"))
        }
        let options = JSONDecodingOptions(
            ignoresUnknownFields: request.testCategory == .jsonIgnoreUnknownParsingTest, registry: registry)
        do {
            switch request.payload {
            case .protobufPayload(let bytes)?:
                var message: any GeneratedMessage = try type.init(serialized: bytes)
                // The suite asks for the unknown fields of the outermost message only.
                if request.requestedOutputFormat == .textFormat && !request.printUnknownFields {
                    message.unknownFields = UnknownFields()
                }
                return written(message, as: request.requestedOutputFormat)
            case .jsonPayload(let text)?:
                return written(try type.init(jsonString: text, options: options), as: request.requestedOutputFormat)
            case .textPayload?: return skipped("the text format as input")
            case .jspbPayload?: return skipped("JSPB")
            case nil: return ConformanceResponse(result: .runtimeError("the request has no payload"))
            }
        } catch {
            return ConformanceResponse(result: .parseError("\(error)"))
        }
    }

    private static func written(_ message: any GeneratedMessage, as format: WireFormat) -> ConformanceResponse {
        do {
            switch format {
            case .protobuf: return ConformanceResponse(result: .protobufPayload(try message.serialized()))
            case .json:
                let text = try message.jsonString(options: JSONEncodingOptions(registry: registry))
                return ConformanceResponse(result: .jsonPayload(text))
            case .textFormat:
                let text = message.textFormat(options: TextFormatOptions(registry: registry))
                return ConformanceResponse(result: .textPayload(text))
            default: return skipped("\(format)")
            }
        } catch {
            return ConformanceResponse(result: .serializeError("\(error)"))
        }
    }

    private static func skipped(_ what: String) -> ConformanceResponse {
        ConformanceResponse(result: .skipped("Martlet doesn't have \(what)"))
    }

    private static let registry = TypeRegistry(files: [
        GoogleProtobufTestMessagesProto2Proto.self, GoogleProtobufTestMessagesProto3Proto.self,
    ])
}
