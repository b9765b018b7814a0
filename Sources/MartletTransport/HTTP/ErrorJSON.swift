internal import MartletCore

extension RPCError {
    /// The body of an error by Connect's unary protocol (https://connectrpc.com/docs/protocol#error-end-stream).
    func connectJSON() -> [UInt8] {
        var text = "{\"code\":\"\(code.connectName)\""
        if !message.isEmpty { text += ",\"message\":\(jsonString(message))" }
        if !details.isEmpty {
            let entries = details.map { detail in
                let type = detail.typeURL.split(separator: "/").last.map(String.init) ?? ""
                let value = String(decoding: Base64.encode(detail.bytes), as: UTF8.self)
                return "{\"type\":\(jsonString(type)),\"value\":\"\(value)\"}"
            }
            text += ",\"details\":[\(entries.joined(separator: ","))]"
        }
        return Array((text + "}").utf8)
    }
}

/// A text as JSON has it, in quotes.
private func jsonString(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}
