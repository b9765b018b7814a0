internal import MartletCore
internal import NIOCore

/// What a response says about its connection, where HTTP/1.1 doesn't imply it.
enum HTTP1ConnectionOption: String {
    case close
    case keepAlive = "keep-alive"
}

extension ByteBuffer {
    /// Writes a response of HTTP/1.1 (RFC 9112, section 4), with the length of its body.
    mutating func write(
        _ response: borrowing HTTPResponse, omitsBody: Bool, connection: HTTP1ConnectionOption?
    ) {
        writeString("HTTP/1.1 \(response.status) \(reasonPhrase(response.status))\r\n")
        for field in response.headers.fields { writeString("\(field.name): \(field.value)\r\n") }
        // Those have none, and their length would be another resource's (RFC 9110, section 8.6).
        let hasNoBody = response.status == 204 || response.status == 304
        if !hasNoBody { writeString("content-length: \(response.body.count)\r\n") }
        if let connection { writeString("connection: \(connection.rawValue)\r\n") }
        writeString("\r\n")
        if !hasNoBody, !omitsBody { writeBytes(response.body) }
    }
}

/// For people; programs go by the number.
private func reasonPhrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 499: "Client Closed Request"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
}
