internal import MartletMessages

/// Reads one message of the suite and writes it again.
enum Testee {
    static func answer(_ request: ConformanceRequest) -> ConformanceResponse {
        // The runner's first question, which messages fail by themselves as far as the testee knows.
        if request.messageType == "conformance.FailureSet" { return answer(FailureSet()) }
        guard let type = types[request.messageType] else {
            return ConformanceResponse(result: .skipped("there is no message \(request.messageType)"))
        }
        return answer(request, type)
    }

    private static func answer(_ request: ConformanceRequest, _ type: any GeneratedMessage.Type) -> ConformanceResponse
    {
        let message: any GeneratedMessage
        do throws(DecodingError) {
            switch request.payload {
            case .protobufPayload(let bytes)?: message = try type.init(serialized: bytes)
            case .jsonPayload?: return skipped("JSON")
            case .textPayload?: return skipped("the text format as input")
            case .jspbPayload?: return skipped("JSPB")
            case nil: return ConformanceResponse(result: .runtimeError("the request has no payload"))
            }
        } catch {
            return ConformanceResponse(result: .parseError("\(error)"))
        }
        switch request.requestedOutputFormat {
        case .protobuf: return answer(message)
        default: return skipped("\(request.requestedOutputFormat)")
        }
    }

    private static func answer(_ message: any GeneratedMessage) -> ConformanceResponse {
        do throws(EncodingError) {
            return ConformanceResponse(result: .protobufPayload(try message.serialized()))
        } catch {
            return ConformanceResponse(result: .serializeError("\(error)"))
        }
    }

    private static func skipped(_ what: String) -> ConformanceResponse {
        ConformanceResponse(result: .skipped("Martlet doesn't have \(what)"))
    }

    private static let types: [String: any GeneratedMessage.Type] = {
        let types: [any GeneratedMessage.Type] = [TestAllTypesProto3.self]
        return Dictionary(uniqueKeysWithValues: types.map { ($0.messageName, $0) })
    }()
}
