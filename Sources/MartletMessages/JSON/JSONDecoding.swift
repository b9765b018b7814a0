extension GeneratedMessage {
    /// Reads protobuf's JSON (https://protobuf.dev/programming-guides/json/). Fields may have their names in JSON or
    /// those in the `.proto` file; a field that comes twice is an error.
    public init(jsonString text: String, options: JSONDecodingOptions = .default) throws(JSONDecodingError) {
        self = try text.utf8Span.span.bytes.withUnsafeBytes { (text) throws(JSONDecodingError) in
            try Self(jsonBytes: text, options: options)
        }
    }

    /// Reads protobuf's JSON in UTF-8; see ``init(jsonString:options:)``.
    public init(jsonBytes text: [UInt8], options: JSONDecodingOptions = .default) throws(JSONDecodingError) {
        self = try text.withUnsafeBufferPointer { (text) throws(JSONDecodingError) in
            try Self(jsonBytes: UnsafeRawBufferPointer(text), options: options)
        }
    }

    /// Reads protobuf's JSON in UTF-8; see ``init(jsonString:options:)``. The bytes are only borrowed for the call.
    public init(
        jsonBytes text: UnsafeRawBufferPointer, options: JSONDecodingOptions = .default
    ) throws(JSONDecodingError) {
        let arena = Arena.take()
        defer { arena.giveBack() }
        do throws(JSONDecodingError) {
            self = try text.withMemoryRebound(to: UInt8.self) { (text) throws(JSONDecodingError) in
                try JSONReader.read(text, options, in: arena)
            }
        } catch {
            var error = error
            error.message = Self.messageName
            throw error
        }
    }
}
