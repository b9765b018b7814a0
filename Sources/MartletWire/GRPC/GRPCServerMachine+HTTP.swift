internal import MartletCore
internal import NIOCore

/// Plain HTTP requests over HTTP/2: handed out whole, as those of HTTP/1.1 are.
extension GRPCServerMachine {
    /// The header block is complete; the body follows.
    func gather(_ stream: GRPCServerStream) {
        if stream.headerBytes > limits.maxMetadataBytes { return refuse(stream, httpStatus: "431") }
        let target = String(buffer: names.getSlice(at: stream.path.lowerBound, length: stream.path.count)!)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard target.utf8.first == UInt8(ascii: "/"), let path = parts.first else {
            return refuse(stream, httpStatus: "400")
        }
        stream.httpRequest = HTTPRequest(
            method: stream.method, path: String(path), query: parts.count > 1 ? String(parts[1]) : nil,
            headers: stream.headers!.fields)
        stream.phase = .gathering
    }

    func gather(_ bytes: ByteBuffer, of stream: GRPCServerStream) {
        consume(bytes.readableBytes, stream: stream.id)
        guard let count = stream.httpRequest?.body.count, count + bytes.readableBytes <= limits.maxMessageBytes else {
            return refuse(stream, httpStatus: "413")
        }
        stream.httpRequest?.body.append(contentsOf: bytes.readableBytesView)
    }

    func handOutHTTP(_ stream: GRPCServerStream) {
        guard let request = stream.httpRequest.take() else { return }
        opened(stream)
        append(.httpRequest(stream: stream.id, request))
    }

    /// Answers such a request.
    func respond(stream id: UInt32, _ response: HTTPResponse) {
        guard let stream = stream(id), stream.phase == .open else { return }
        var headers = HeaderBlock([":status": String(response.status)])
        for field in response.headers.fields { headers.add(field.name, field.value) }
        headers.add("content-length", String(response.body.count))
        let hasBody = !response.body.isEmpty && stream.method != "HEAD"
        submitResponse(headers, stream: stream, hasData: hasBody)
        if hasBody {
            send(ByteBuffer(bytes: response.body), stream: stream)
            finish(stream, with: .endStream)
        }
        answered(stream)
    }
}
