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
    /// Why no handler may see the request.
    let problem: RPCError?

    init(_ block: ReceivedHeaders, metadataLimit: Int) {
        var metadata = GRPCMetadata(limit: metadataLimit)
        var contentType: String?
        var encoding: String?
        var accepted: [Compression] = []
        block.forEach { name, value in
            if name.elementsEqual("content-type".utf8) {
                contentType = String(decoding: value, as: UTF8.self)
            } else if name.elementsEqual("grpc-encoding".utf8) {
                encoding = String(decoding: value, as: UTF8.self)
            } else if name.elementsEqual("grpc-accept-encoding".utf8) {
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
        kind = Self.isGRPC(contentType) ? .grpc : .other
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
        } else if let subtype = Self.unknownSubtype(contentType) {
            problem = RPCError(
                .unimplemented, "the content type application/grpc+\(subtype) isn't known here; use +proto")
        } else {
            problem = nil
        }
    }

    /// What this side can undo, as `grpc-accept-encoding` lists it.
    static let acceptedNames = (Compression.allCases.map(\.rawValue) + ["identity"]).joined(separator: ",")

    private static let mediaType = "application/grpc"

    /// `application/grpc`, whatever follows a `+` or `;`. `application/grpc-web` is another protocol.
    private static func isGRPC(_ contentType: String?) -> Bool {
        guard let contentType = contentType?.lowercased(), contentType.hasPrefix(mediaType) else { return false }
        let next = contentType.utf8.dropFirst(mediaType.utf8.count).first
        return next == nil || next == UInt8(ascii: "+") || next == UInt8(ascii: ";")
    }

    private static func unknownSubtype(_ contentType: String?) -> String? {
        guard isGRPC(contentType), let rest = contentType?.lowercased().dropFirst(mediaType.utf8.count),
            rest.first == "+"
        else { return nil }
        let subtype = rest.dropFirst().prefix { $0 != ";" }
        return subtype == "proto" ? nil : String(subtype)
    }
}
