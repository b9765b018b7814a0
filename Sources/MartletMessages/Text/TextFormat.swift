extension GeneratedMessage {
    /// The message in protobuf's text format (https://protobuf.dev/reference/protobuf/textformat-spec/), for people to
    /// read: all of it, however long. Fields come in the order of their numbers and map entries in that of their
    /// keys; unknown fields come last, with numbers for names.
    public func textFormat(options: TextFormatOptions = .default) -> String {
        let arena = Arena.take()
        defer { arena.giveBack() }
        return withUnsafePointer(to: self) { message in
            let record = RecordWriter(Self.table, in: arena)
            Self.write(UnsafeMutablePointer(mutating: message), into: record)
            var writer = TextWriter(options)
            // Nothing bounds the depth of a message in memory but the stack.
            arena.state.pointee.levelsLeft = .max
            writer.writeMessage(RecordReader(record.base, in: arena), Self.table)
            return writer.out.string
        }
    }

    /// The text format in one line, complete, for logs. A message's field `description` hides it; `print` and string
    /// interpolation show it even so.
    public var description: String { textFormat(options: .oneLine) }

    /// The text format in lines, complete.
    public var debugDescription: String { textFormat() }

    public func write<Target: TextOutputStream>(to target: inout Target) {
        target.write(textFormat(options: .oneLine))
    }
}
