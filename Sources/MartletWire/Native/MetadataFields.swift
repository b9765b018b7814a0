internal import MartletCore

/// Collects the `KeyValue` fields of an envelope and holds them against the limits.
struct MetadataFields {
    private var metadata = Metadata()
    private var size = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    mutating func read(_ reader: inout FieldReader) throws(MalformedMessage) {
        var field = try reader.message()
        var key = 0..<0
        var value = 0..<0
        while let tag = try field.nextTag() {
            switch tag {
            case .bytes(1): key = try field.content()
            case .bytes(2): value = try field.content()
            default: try field.skip(tag)
            }
        }
        size += key.count + value.count + Metadata.fieldOverhead
        if size <= limit {
            if metadata.isEmpty { metadata.reserveFields(4) }
            metadata.append(field.string(at: value), for: field.string(at: key))
        }
    }

    /// The whole metadata. Throws RESOURCE_EXHAUSTED if it was over the limit, INVALID_ARGUMENT if it has characters
    /// that metadata can't have.
    func complete() throws(RPCError) -> Metadata {
        guard size > 0 else { return metadata }
        guard size <= limit else { throw RPCError.metadataTooLarge(size, limit: limit) }
        try metadata.validate()
        return metadata
    }
}

extension Metadata {
    /// Stands for what a field costs beside its text (RFC 9113, section 6.5.2).
    static let fieldOverhead = 32

    /// What the metadata counts against a limit.
    var wireSize: Int {
        fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + Self.fieldOverhead }
    }
}

extension Metadata {
    /// The bytes that the metadata takes as a repeated `KeyValue` field with a number up to 15.
    var fieldsSize: Int {
        fields.reduce(0) { $0 + FrameWriter.fieldSize(length: $1.contentSize) }
    }
}

extension Metadata.Field {
    /// The bytes of one `KeyValue`: an empty string isn't written.
    fileprivate var contentSize: Int { Self.size(of: key) + Self.size(of: value) }

    private static func size(of text: String) -> Int {
        text.isEmpty ? 0 : FrameWriter.fieldSize(length: text.utf8.count)
    }
}

extension FrameWriter {
    /// Writes metadata as repeated `KeyValue`, of ``Metadata/fieldsSize`` bytes.
    mutating func metadata(_ number: UInt32, _ metadata: borrowing Metadata) {
        for field in metadata.fields {
            fieldHeader(number, length: field.contentSize)
            if !field.key.isEmpty { string(1, field.key, byteCount: field.key.utf8.count) }
            if !field.value.isEmpty { string(2, field.value, byteCount: field.value.utf8.count) }
        }
    }
}

extension FieldWriter {
    /// Writes metadata as repeated `KeyValue`.
    mutating func metadata(_ number: UInt32, _ metadata: borrowing Metadata) {
        if metadata.isEmpty { return }
        for field in metadata.fields {
            message(number) {
                $0.string(1, field.key)
                $0.string(2, field.value)
            }
        }
    }
}

extension RPCError {
    static func metadataTooLarge(_ size: Int, limit: Int) -> RPCError {
        RPCError(
            .resourceExhausted,
            "metadata of \(size) bytes (keys, values and 32 per field) is over the limit of \(limit)")
    }
}
