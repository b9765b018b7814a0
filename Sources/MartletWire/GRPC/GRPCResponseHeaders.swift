internal import MartletCore

/// A header block of a server: the response's headers, or its trailers. One serves a connection, whose blocks don't mix.
final class GRPCResponseHeaders {
    private(set) var status = GRPCStatus()
    /// Bytes, as `WireLimits.maxMetadataBytes` counts them.
    private(set) var size = 0
    /// What messages are compressed with that say they are; `identity` and nil: nothing.
    private(set) var encoding: String?
    private var httpStatus = 0
    private var isGRPC = false
    /// Where it isn't gRPC's.
    private var contentType: String?
    private var fields: GRPCMetadata

    private let metadataLimit: Int

    /// - Parameter metadataLimit: Bytes, as `WireLimits.maxMetadataBytes` counts them.
    init(metadataLimit: Int) {
        self.metadataLimit = metadataLimit
        fields = GRPCMetadata(limit: metadataLimit)
    }

    /// Forgets the block that was there.
    func begin() {
        status = GRPCStatus()
        size = 0
        encoding = nil
        httpStatus = 0
        isGRPC = false
        contentType = nil
        fields = GRPCMetadata(limit: metadataLimit)
    }

    /// Counts a field: also those that are then left out.
    func count(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        size += name.count + value.count + Metadata.fieldOverhead
    }

    func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch name.first {
        case UInt8(ascii: ":"):
            if name.equals(":status") {
                // nghttp2 has seen to it that these are three digits.
                httpStatus = value.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
            }
        case UInt8(ascii: "g") where name.begins(with: "grpc-"):
            if name.equals("grpc-encoding") {
                encoding = String(decoding: value, as: UTF8.self)
            } else {
                status.read(name, value)
            }
        case UInt8(ascii: "c") where name.equals("content-type"):
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
