package import MartletCore
internal import NIOCore

/// The outcome of a call as the server sent it.
package struct WireResponse {
    package let stream: UInt32
    /// The message (empty if the frame has none), or the server's error, which also says
    /// whether a retry is safe and carries the trailing metadata.
    package let result: Result<WireMessage, RPCError>
    package let trailingMetadata: Metadata
}

/// Numbers of the Response's fields.
enum ResponseField {
    // ttrpc's.
    static let status: UInt32 = 1
    static let payload: UInt32 = 2
    // Martlet's, far from where ttrpc may grow.
    static let metadata: UInt32 = 100
    static let neverRan: UInt32 = 101
}

extension WireResponse {
    /// `problem`: why the message can't be taken.
    init(
        stream: UInt32, compression: Compression? = nil, _ frame: ByteBuffer, _ envelope: ResponseEnvelope,
        problem: RPCError? = nil
    ) {
        self.stream = stream
        var metadataProblem: RPCError?
        do throws(RPCError) {
            trailingMetadata = try envelope.metadata.complete()
        } catch {
            trailingMetadata = [:]
            metadataProblem = error
        }
        switch (envelope.status.code, problem, metadataProblem) {
        case (0, nil, nil):
            let message = WireMessage(
                bytes: frame.narrowed(to: envelope.payload), compression: compression)
            result = .success(message)
        case (0, .some(let problem), _): result = .failure(problem)
        case (0, nil, .some(let problem)): result = .failure(.unusableMetadata(in: "response", problem))
        case (let code, _, _):
            let note = metadataProblem.map { " (its metadata is left out: \($0.message))" } ?? ""
            let error = RPCError(
                StatusCode(wire: code), envelope.status.message + note, details: envelope.status.details,
                metadata: trailingMetadata, origin: .peer, isSafeToRetry: envelope.neverRan)
            result = .failure(error)
        }
    }

    /// The data of a Response frame for a call that failed, in at most `limits` of the client. Where that isn't enough,
    /// metadata, details and the end of the message are left out and the message says so.
    static func fields(of error: RPCError, limits: WireLimits) -> FieldWriter {
        if error.metadata.wireSize <= limits.maxMetadataBytes {
            let complete = fields(of: error, message: error.message, details: error.details, metadata: error.metadata)
            if complete.bytes.count <= limits.maxFrameBytes { return complete }
        }
        let message = String(decoding: error.message.utf8.prefix(maxCutMessageBytes), as: UTF8.self)
        let note = " (cut; details and metadata left out: they are over the client's limits)"
        return fields(of: error, message: message + note, details: [], metadata: [:])
    }

    private static func fields(
        of error: RPCError, message: String, details: [ErrorDetail], metadata: Metadata
    ) -> FieldWriter {
        var fields = FieldWriter()
        fields.message(ResponseField.status) { $0.status(error.code, message: message, details: details) }
        fields.metadata(ResponseField.metadata, metadata)
        fields.integer(ResponseField.neverRan, UInt64(error.isSafeToRetry ? 1 : 0))
        return fields
    }

    /// Of the message of an error that had to be cut. Fits into any limit a client may set.
    private static let maxCutMessageBytes = 1024
}

/// The fields of a Response; the payload as its place in the frame.
struct ResponseEnvelope {
    var status = ResponseStatus()
    var payload = 0..<0
    var metadata: MetadataFields
    var neverRan = false

    var isSuccess: Bool { status.code == 0 }

    @inline(__always)
    init(_ reader: inout FieldReader, metadataLimit: Int) throws(MalformedMessage) {
        metadata = MetadataFields(limit: metadataLimit)
        while let tag = try reader.nextTag() {
            switch tag {
            case .bytes(ResponseField.status):
                var fields = try reader.message()
                try status.merge(&fields)
            case .bytes(ResponseField.payload): payload = try reader.content()
            case .bytes(ResponseField.metadata): try metadata.read(&reader)
            case .varint(ResponseField.neverRan): neverRan = try reader.varint() != 0
            default: try reader.skip(tag)
            }
        }
    }
}

/// `google.rpc.Status`.
struct ResponseStatus {
    var code: Int32 = 0
    var message = ""
    var details: [ErrorDetail] = []

    /// What one status may carry: a frame full of empty details would take many times its size in memory.
    /// More are neither sent nor kept.
    static let maxDetails = 64

    /// A message field that occurs twice is merged, as protobuf has it.
    mutating func merge(_ reader: inout FieldReader) throws(MalformedMessage) {
        while let tag = try reader.nextTag() {
            switch tag {
            case .varint(1): code = Int32(truncatingIfNeeded: try reader.varint())
            case .bytes(2): message = try reader.string()
            case .bytes(3):
                var fields = try reader.message()
                let detail = try ErrorDetail(&fields)
                if details.count < Self.maxDetails { details.append(detail) }
            default: try reader.skip(tag)
            }
        }
    }
}

extension FieldWriter {
    /// Writes the fields of a `google.rpc.Status`.
    mutating func status(_ code: StatusCode, message: String, details: [ErrorDetail]) {
        integer(1, code.rawValue)
        string(2, message)
        for detail in details.prefix(ResponseStatus.maxDetails) {
            self.message(3) { any in
                any.string(1, detail.typeURL)
                any.field(2, detail.bytes)
            }
        }
    }
}

extension RPCError {
    /// A client got metadata over its limit, or that no peer may send.
    static func unusableMetadata(in what: String, _ problem: RPCError) -> RPCError {
        let code = problem.code == .resourceExhausted ? problem.code : .internalError
        return RPCError(code, "the \(what)'s metadata can't be used: \(problem.message)")
    }
}

extension ErrorDetail {
    /// Reads `google.protobuf.Any`.
    fileprivate init(_ reader: inout FieldReader) throws(MalformedMessage) {
        self.init(typeURL: "", bytes: [])
        while let tag = try reader.nextTag() {
            switch tag {
            case .bytes(1): typeURL = try reader.string()
            case .bytes(2): bytes = try reader.byteArray()
            default: try reader.skip(tag)
            }
        }
    }
}
