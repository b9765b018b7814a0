internal import MartletCore

/// What the headers of a request say, but for its path and timeout, which differ from call to call.
final class GRPCRequestHeaders {
    enum Kind {
        case grpc
        /// Nothing of gRPC's.
        case other
    }

    let kind: Kind
    let metadata: Metadata
    /// What the client's messages are compressed with that say they are.
    let compression: Compression?
    let acceptedCompressions: CompressionSet
    /// All of them, if the request isn't gRPC's.
    let fields: HTTPFields
    /// Why no handler may see the request.
    let problem: RPCError?

    init(_ block: ReceivedHeaders, metadataLimit: Int) {
        var metadata = GRPCMetadata(limit: metadataLimit)
        var contentType: GRPCContentType?
        var encoding: String?
        var accepted: [Compression] = []
        block.read { name, value in
            if name.equals("content-type") {
                contentType = GRPCContentType(value)
            } else if name.equals("grpc-encoding") {
                encoding = String(decoding: value, as: UTF8.self)
            } else if name.equals("grpc-accept-encoding") {
                let names = value.split(separator: UInt8(ascii: ","))
                accepted += names.compactMap {
                    Compression(rawValue: String(decoding: GRPCMetadata.trimmed($0), as: UTF8.self))
                }
            } else {
                metadata.add(name, value)
            }
        }
        acceptedCompressions = CompressionSet(accepted)
        compression = encoding.flatMap(Compression.init(rawValue:))
        kind = contentType == nil ? .other : .grpc
        fields = contentType == nil ? HTTPFields(block) : [:]
        do throws(RPCError) {
            self.metadata = try metadata.complete()
        } catch {
            self.metadata = [:]
            problem = error
            return
        }
        if let encoding, compression == nil, encoding != "identity" {
            problem = RPCError(
                .unimplemented,
                "the request's grpc-encoding \"\(encoding)\" isn't known here; use one of \(Self.acceptedNames)")
        } else if let subtype = contentType?.subtype, subtype != "proto" {
            problem = RPCError(
                .unimplemented, "the content type application/grpc+\(subtype) isn't known here; use +proto")
        } else {
            problem = nil
        }
    }

    /// What this side can undo, as `grpc-accept-encoding` lists it.
    static let acceptedNames = (Compression.allCases.map(\.rawValue) + ["identity"]).joined(separator: ",")
}

extension HTTPFields {
    fileprivate init(_ block: ReceivedHeaders) {
        self.init()
        var fields = self
        block.read { fields.append(String(decoding: $1, as: UTF8.self), for: String(decoding: $0, as: UTF8.self)) }
        self = fields
    }
}
