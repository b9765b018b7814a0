internal import MartletCompression
internal import MartletCore

/// Why an HTTP request doesn't become a call.
struct HTTPRefusal: Error {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    init(_ error: RPCError) { response = .connect(error) }

    init(_ code: StatusCode, _ message: String) { self.init(RPCError(code, message)) }
}

/// A unary call by Connect's protocol (https://connectrpc.com/docs/protocol#unary-request), read from an HTTP request.
struct ConnectRequest {
    enum Codec: String {
        case json
        case proto

        var contentType: String { "application/\(rawValue)" }
    }

    let codec: Codec
    /// In protobuf's binary form.
    let message: [UInt8]
    let wasCompressed: Bool
    let metadata: Metadata
    /// Zero: no time at all.
    let timeoutNanoseconds: Int64?
    let acceptsGzip: Bool

    private static let encodings = "gzip, identity"

    /// - Parameters:
    ///   - method: Nil: the server has none of that name. Its request isn't read then.
    ///   - limit: The most bytes of a message, in either form.
    init(_ request: HTTPRequest, for method: MethodHandler?, limit: Int) throws(HTTPRefusal) {
        if let method { try Self.checkMethod(request, method.method) }
        let sent = request.method == "GET" ? try Self.query(request) : try Self.body(request, method)
        codec = sent.codec
        if codec == .json, let method, !method.transcoder.isUsable {
            throw Self.unsupported(
                "the messages of \(method.method) have no JSON form: use application/proto",
                accepted: "application/proto")
        }
        if let version = request.headers["connect-protocol-version"], version != "1" {
            throw HTTPRefusal(.invalidArgument, "Connect-Protocol-Version \"\(version)\" isn't known: use 1")
        }
        timeoutNanoseconds = try Self.timeout(request.headers)
        metadata = try Self.metadata(request.headers)
        acceptsGzip = Self.acceptsGzip(request.headers)
        wasCompressed = sent.isCompressed
        guard let method else {
            message = []
            return
        }
        let bytes = try Self.inflated(sent.bytes, sent.compression, limit: limit)
        do throws(RPCError) {
            message = codec == .json ? try method.transcoder.request(fromJSON: bytes) : bytes
        } catch {
            throw HTTPRefusal(error)
        }
        guard message.count <= limit else {
            throw HTTPRefusal(.resourceExhausted, "a message of \(message.count) bytes is over the limit of \(limit)")
        }
    }

    /// Whether a request to a method that the server doesn't have is a call at all.
    static func isCall(_ request: HTTPRequest) -> Bool {
        switch request.method {
        case "POST": codec(ofType: request.headers["content-type"]) != nil
        case "GET": request.query.flatMap(QueryItems.init)?.text("encoding") != nil
        default: false
        }
    }

    // MARK: The parts

    private struct Sent {
        let codec: Codec
        let bytes: [UInt8]
        let compression: String?

        /// If it is anything that is known here.
        var isCompressed: Bool { compression?.lowercased() == "gzip" }
    }

    private static func checkMethod(_ request: HTTPRequest, _ method: MethodDescriptor) throws(HTTPRefusal) {
        guard method.shape == .unary else {
            let problem =
                "\(method) streams, which plain HTTP requests can't: call it with gRPC or Martlet's own clients"
            throw HTTPRefusal(.unimplemented, problem)
        }
        let allowed = method.hasNoSideEffects ? ["GET", "POST"] : ["POST"]
        guard allowed.contains(request.method) else { throw HTTPRefusal(.wrongMethod(allowed: allowed)) }
    }

    private static func body(_ request: HTTPRequest, _ method: MethodHandler?) throws(HTTPRefusal) -> Sent {
        guard let codec = codec(ofType: request.headers["content-type"]) else {
            let accepted =
                method?.transcoder.isUsable == false ? "application/proto" : "application/json, application/proto"
            let type = request.headers["content-type"].map { "the content type \"\($0)\" isn't known here" }
            throw unsupported("\(type ?? "the request has no content type"): use \(accepted)", accepted: accepted)
        }
        return Sent(codec: codec, bytes: request.body, compression: request.headers["content-encoding"])
    }

    private static func query(_ request: HTTPRequest) throws(HTTPRefusal) -> Sent {
        guard let items = QueryItems(request.query ?? "") else {
            throw HTTPRefusal(.invalidArgument, "the query has a wrong percent-encoding, or a name twice")
        }
        if let version = items.text("connect"), version != "v1" {
            throw HTTPRefusal(.invalidArgument, "connect=\(version) isn't known: use v1")
        }
        guard let name = items.text("encoding"), let message = items.bytes("message") else {
            throw HTTPRefusal(.invalidArgument, "a call with GET needs the parameters \"encoding\" and \"message\"")
        }
        guard let codec = Codec(rawValue: name) else {
            throw unsupported(
                "encoding=\(name) isn't known here: use json or proto", accepted: "application/json, application/proto")
        }
        let isBase64 = items.text("base64") == "1"
        guard let bytes = isBase64 ? Base64.decode(message.map(standardDigit)) : message else {
            throw HTTPRefusal(.invalidArgument, "the parameter \"message\" isn't base64, as base64=1 says")
        }
        return Sent(codec: codec, bytes: bytes, compression: items.text("compression"))
    }

    /// Parameters, such as a charset, say nothing that isn't fixed.
    private static func codec(ofType type: String?) -> Codec? {
        let essence = type?.split(separator: ";", omittingEmptySubsequences: false).first.map {
            trimmed($0).lowercased()
        }
        return switch essence {
        case Codec.json.contentType: .json
        case Codec.proto.contentType: .proto
        default: nil
        }
    }

    private static func timeout(_ headers: HTTPFields) throws(HTTPRefusal) -> Int64? {
        guard let text = headers["connect-timeout-ms"] else { return nil }
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
            let milliseconds = Int64(text)
        else {
            throw HTTPRefusal(
                .invalidArgument, "Connect-Timeout-Ms \"\(text)\" isn't a number of at most 10 digits")
        }
        return milliseconds * 1_000_000
    }

    private static func metadata(_ headers: HTTPFields) throws(HTTPRefusal) -> Metadata {
        var metadata = Metadata()
        for field in headers.fields
        where !HTTPFields.ofHTTP.contains(field.name) && !field.name.hasPrefix("connect-") {
            metadata.append(field.value, for: field.name)
        }
        do throws(RPCError) { try metadata.validate() } catch { throw HTTPRefusal(error) }
        return metadata
    }

    private static func acceptsGzip(_ headers: HTTPFields) -> Bool {
        headers.values(for: "accept-encoding").contains { value in
            value.lowercased().split(separator: ",").contains { coding in
                let parts = coding.split(separator: ";").map(trimmed)
                return parts.first == "gzip" && !parts.dropFirst().contains { isZero(quality: $0) }
            }
        }
    }

    private static func isZero(quality: Substring) -> Bool {
        quality.hasPrefix("q=0") && quality.dropFirst(3).allSatisfy { $0 == "0" || $0 == "." }
    }

    private static func inflated(
        _ bytes: [UInt8], _ compression: String?, limit: Int
    ) throws(HTTPRefusal) -> [UInt8] {
        switch compression?.lowercased() {
        case nil, "", "identity": return bytes
        case "gzip":
            // Nothing at all is no gzip, and means no bytes.
            if bytes.isEmpty { return bytes }
            do throws(DecompressionError) {
                return try bytes.withUnsafeBufferPointer { (bytes) throws(DecompressionError) in
                    try Compression.gzip.decompress(UnsafeRawBufferPointer(bytes), limit: limit)
                }
            } catch .overLimit {
                throw HTTPRefusal(
                    .resourceExhausted, "the message is larger than the limit of \(limit) bytes once it is decompressed"
                )
            } catch {
                throw HTTPRefusal(.invalidArgument, "\(error)")
            }
        case .some(let name):
            var response = HTTPResponse.connect(
                RPCError(.unimplemented, "the compression \"\(name)\" isn't known here: use \(encodings)"))
            response.headers["accept-encoding"] = encodings
            throw HTTPRefusal(response)
        }
    }

    private static func unsupported(_ text: String, accepted: String) -> HTTPRefusal {
        HTTPRefusal(.words(415, text, ["accept-post": accepted]))
    }
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return text
}

/// Of base64's alphabet for URLs.
private func standardDigit(_ digit: UInt8) -> UInt8 {
    switch digit {
    case UInt8(ascii: "-"): UInt8(ascii: "+")
    case UInt8(ascii: "_"): UInt8(ascii: "/")
    default: digit
    }
}
