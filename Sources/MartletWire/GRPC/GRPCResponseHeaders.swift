internal import MartletCore

/// A header block of a server: the response's headers, or its trailers.
struct GRPCResponseHeaders {
    private(set) var status = GRPCStatus()
    /// What messages are compressed with that say they are; `identity` and nil: nothing.
    private(set) var encoding: String?
    private var httpStatus = 0
    private var isGRPC = false
    /// Where it isn't gRPC's.
    private var contentType: String?
    private var fields: GRPCMetadata

    /// - Parameter metadataLimit: Bytes, as `WireLimits.maxMetadataBytes` counts them.
    init(metadataLimit: Int) { fields = GRPCMetadata(limit: metadataLimit) }

    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch name.first {
        case UInt8(ascii: ":"):
            if name.elementsEqual(":status".utf8) {
                // nghttp2 has seen to it that these are three digits.
                httpStatus = value.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
            }
        case UInt8(ascii: "g") where name.starts(with: "grpc-".utf8):
            if name.elementsEqual("grpc-encoding".utf8) {
                encoding = String(decoding: value, as: UTF8.self)
            } else {
                status.read(name, value)
            }
        case UInt8(ascii: "c") where name.elementsEqual("content-type".utf8):
            isGRPC = GRPCContentType(value) != nil
            contentType = isGRPC ? nil : String(decoding: value.prefix(100), as: UTF8.self)
        default: fields.add(name, value)
        }
    }

    /// Whether the response itself is still to come.
    var isInformational: Bool { httpStatus / 100 == 1 }

    func metadata() throws(RPCError) -> Metadata { try fields.complete() }

    /// Why the response isn't gRPC's. Nil if it is, or if these are trailers behind others.
    var httpProblem: RPCError? {
        if httpStatus == 200 && isGRPC || httpStatus == 0 { return nil }
        let type = isGRPC ? "" : contentType.map { " and the content type \($0)" } ?? " and no content type"
        return RPCError(
            StatusCode(httpStatus: httpStatus),
            "the server answered with HTTP status \(httpStatus)\(type); gRPC's answers have 200 and application/grpc",
            origin: .peer, isSafeToRetry: false)
    }
}
