extension TextWriter {
    /// Each level of `Any` in `Any` is decoded anew, so that nothing else bounds them.
    private static let mostAnyLevels = 20

    /// Writes a `google.protobuf.Any` as the message that it holds, `[type.googleapis.com/pkg.Name] { … }`; false for
    /// other messages, and where that message can't be read.
    mutating func writesExpanded(_ record: RecordReader, _ table: MessageTable) -> Bool {
        guard table.json.wellKnown == .any else { return false }
        let (urlField, bytesField) = (table.json.fields[0], table.json.fields[1])
        let url = String(decoding: (record.load(at: urlField.offset) as ByteSpan).bytes, as: UTF8.self)
        let bytes = UnsafeRawBufferPointer((record.load(at: bytesField.offset) as ByteSpan).bytes)
        guard anyLevels < Self.mostAnyLevels, let type = options.registry.messageType(forTypeURL: url) else {
            return false
        }
        anyLevels += 1
        defer { anyLevels -= 1 }
        return writePacked(type, bytes, url: url)
    }

    private mutating func writePacked<M: GeneratedMessage>(
        _ type: M.Type, _ bytes: UnsafeRawBufferPointer, url: String
    ) -> Bool {
        guard let message = try? M(serialized: bytes, limits: .default) else { return false }
        let arena = Arena.take()
        defer { arena.giveBack() }
        withUnsafePointer(to: message) { message in
            let record = RecordWriter(M.table, in: arena)
            M.write(UnsafeMutablePointer(mutating: message), into: record)
            arena.state.pointee.levelsLeft = .max
            open("[\(url)]")
            writeMessage(RecordReader(record.base, in: arena), M.table)
            close()
        }
        return true
    }
}
