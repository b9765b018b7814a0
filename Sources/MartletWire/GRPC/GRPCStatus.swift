internal import MartletCore

/// A call's outcome as its last headers tell it.
struct GRPCStatus {
    /// Nil: there is none.
    private(set) var code: StatusCode?
    private var message = ""
    private var details: [UInt8]?

    /// Takes a header if it is the status's.
    mutating func read(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard name.begins(with: "grpc-") else { return }
        if name.equals(Header.status) {
            code = StatusCode(grpcStatus: value)
        } else if name.equals(Header.message) {
            message = PercentText.decode(value)
        } else if name.equals(Header.details) {
            details = Base64.decode(value)
        }
    }

    /// The error that the server ended the call with.
    ///
    /// - Parameters:
    ///   - code: Other than OK.
    ///   - problem: Why its metadata is left out.
    func error(_ code: StatusCode, _ metadata: Metadata, without problem: RPCError? = nil) -> RPCError {
        let status = richStatus
        let note = problem.map { " (its metadata is left out: \($0.message))" } ?? ""
        return RPCError(
            code, (message.isEmpty ? status?.message ?? "" : message) + note, details: status?.details ?? [],
            metadata: metadata, origin: .peer, isSafeToRetry: false)
    }

    /// What can't be read is left out: the status is known without it.
    private var richStatus: ResponseStatus? {
        guard let details else { return nil }
        return details.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            var status = ResponseStatus()
            do throws(MalformedMessage) { try status.merge(&reader) } catch { return nil }
            return status
        }
    }

    /// Gives `body` the headers that end a call with an error, but for its metadata.
    static func write(_ error: RPCError, _ body: (_ name: StaticString, _ value: [UInt8]) -> Void) {
        body(Header.status, Array("\(error.code.rawValue)".utf8))
        if !error.message.isEmpty { body(Header.message, PercentText.encode(error.message)) }
        guard !error.details.isEmpty else { return }
        var fields = FieldWriter()
        fields.status(error.code, message: error.message, details: error.details)
        body(Header.details, Base64.encode(fields.bytes))
    }

    private enum Header {
        static let status: StaticString = "grpc-status"
        static let message: StaticString = "grpc-message"
        static let details: StaticString = "grpc-status-details-bin"
    }
}

extension StatusCode {
    /// From `grpc-status`: decimal; what is no number, or none that gRPC names, is `unknown`.
    fileprivate init(grpcStatus text: UnsafeRawBufferPointer) {
        var number: Int32 = 0
        guard (1...3).contains(text.count) else {
            self = .unknown
            return
        }
        for digit in text {
            guard digit &- UInt8(ascii: "0") < 10 else {
                self = .unknown
                return
            }
            number = number * 10 + Int32(digit - UInt8(ascii: "0"))
        }
        self.init(wire: number)
    }

    /// Of a response without `grpc-status`
    /// (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
    init(httpStatus: Int) {
        self =
            switch httpStatus {
            case 400, 431: .internalError
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .unimplemented
            case 429, 502, 503, 504: .unavailable
            default: .unknown
            }
    }
}

extension RPCError {
    /// The server has ended a call's stream without a status, with one of HTTP/2's error codes (RFC 9113, section 7).
    ///
    /// Only after REFUSED_STREAM a retry is safe: then the server has done nothing of the call.
    init(reset code: UInt32) {
        let status: StatusCode =
            switch code {
            case 0...4, 6, 9, 10, 13: .internalError
            case 7: .unavailable
            case 8: .cancelled
            case 11: .resourceExhausted
            case 12: .permissionDenied
            default: .unknown
            }
        let name = HTTP2ErrorCode.name(code)
        let text = "the server ended the call without a status, by a reset of its stream: \(name)"
        self.init(status, text, origin: .peer, isSafeToRetry: code == 7)
    }
}
