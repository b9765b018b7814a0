extension GeneratedMessage {
    /// Protobuf's canonical JSON (https://protobuf.dev/programming-guides/json/), in UTF-8. Fields come in the
    /// order of their numbers and map entries in that of their keys; unknown fields are left out.
    public func jsonBytes(options: JSONEncodingOptions = .default) throws(JSONEncodingError) -> [UInt8] {
        try json(options) { Array($0.bytes) }
    }

    /// Protobuf's canonical JSON; see ``jsonBytes(options:)``.
    public func jsonString(options: JSONEncodingOptions = .default) throws(JSONEncodingError) -> String {
        try json(options) { $0.string }
    }

    private func json<R>(
        _ options: JSONEncodingOptions, _ result: (borrowing ByteOutput) -> R
    ) throws(JSONEncodingError) -> R {
        var writer = JSONWriter(options)
        do throws(JSONEncodingError) {
            try writer.write(self)
        } catch {
            var error = error
            error.message = Self.messageName
            throw error
        }
        return result(writer.out)
    }
}
