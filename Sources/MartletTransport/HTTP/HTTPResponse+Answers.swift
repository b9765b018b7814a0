internal import MartletCore

extension HTTPResponse {
    /// A few words for people.
    static func words(_ status: Int, _ text: String, _ headers: HTTPFields = [:]) -> HTTPResponse {
        var response = HTTPResponse(status: status, text: text + "\n")
        for field in headers.fields { response.headers.append(field.value, for: field.name) }
        return response
    }

    static func wrongMethod(allowed: [String]) -> HTTPResponse {
        let list = allowed.joined(separator: ", ")
        return words(405, "only \(list) is answered here", ["allow": list])
    }

    /// An error by Connect's unary protocol.
    ///
    /// - Parameter status: Default: the code's.
    static func connect(_ error: RPCError, status: Int? = nil) -> HTTPResponse {
        HTTPResponse(
            status: status ?? error.code.httpStatus, headers: ["content-type": "application/json"],
            body: error.connectJSON())
    }

    /// The response without what belongs to its connection; nil if it has a status or fields that can't be sent.
    var sendable: HTTPResponse? {
        guard 200...599 ~= status else { return nil }
        var headers = HTTPFields()
        for field in self.headers.fields where !HTTPFields.ofConnection.contains(field.name) {
            guard field.isSendable else { return nil }
            headers.append(field.value, for: field.name)
        }
        return HTTPResponse(status: status, headers: headers, body: body)
    }
}

extension HTTPFields {
    /// What only the server itself may say (RFC 9110, section 7.6.1, and the framing of the body).
    static let ofConnection: Set<String> = [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// What belongs to HTTP itself, and isn't metadata of a call.
    static let ofHTTP: Set<String> = ofConnection.union([
        "accept", "accept-encoding", "content-encoding", "content-type", "expect", "host",
    ])
}

extension HTTPFields.Field {
    fileprivate var isSendable: Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }
}
