extension JSONWriter {
    /// The extensions that the registry knows, among the unknown fields.
    mutating func writeExtensions(_ record: RecordReader, isFirst: inout Bool) throws(JSONEncodingError) {
        let extensions = options.registry.extensions(of: MessageTable(record: record.base).name)
        if extensions.isEmpty { return }
        let fields = try read { () throws(DecodingError) in try record.unknownFields() }
        for known in extensions {
            let arena = Arena.take()
            defer { arena.giveBack() }
            let found = try read { () throws(DecodingError) in
                try known.record(of: fields, in: arena, limits: .default)
            }
            guard let found else { continue }
            let field = known.table.json.fields[0]
            try write(field, as: field.name, of: found, &isFirst)
        }
    }

    private func read<R>(_ body: () throws(DecodingError) -> R) throws(JSONEncodingError) -> R {
        do throws(DecodingError) {
            return try body()
        } catch {
            throw JSONEncodingError("\(error)")
        }
    }
}
