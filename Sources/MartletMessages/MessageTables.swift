internal import CProtobufC

/// The tables of all messages of one `.proto` file, built once and never freed.
///
/// All descriptors are placed before any is filled, so that messages of the file may refer to one another in
/// cycles. Unchecked for the same reason as ``MessageTable``.
@frozen
public struct MessageTables: @unchecked Sendable {
    @usableFromInline let headers: UnsafePointer<MessageTable.Header>

    /// Rows may come in any order. Traps where they contradict themselves, which is a fault of the generator.
    public init(_ messages: [MessageRows]) {
        let headers = UnsafeMutablePointer<MessageTable.Header>.allocate(capacity: messages.count)
        let descriptors = UnsafeMutablePointer<ProtobufCMessageDescriptor>.allocate(capacity: messages.count)
        var byName: [String: TableBuilder.LocalMessage] = [:]
        for (index, message) in messages.enumerated() {
            byName["\(message.name)"] = TableBuilder.LocalMessage(
                header: UnsafePointer(headers + index), descriptor: UnsafePointer(descriptors + index))
        }
        for (index, message) in messages.enumerated() {
            let builder = TableBuilder(name: message.name, form: message.form, localMessages: byName)
            builder.build(message.fields, header: headers + index, descriptor: descriptors + index)
        }
        self.headers = UnsafePointer(headers)
    }

    /// The table of a message, by its place in the file.
    @inlinable @inline(__always)
    public subscript(index: Int) -> MessageTable { MessageTable(headers + index) }
}

extension MessageTable {
    /// The table of a message that has one field, an extension, whose name is a full one.
    static func ofExtension(_ row: FieldRow) -> MessageTable {
        let header = UnsafeMutablePointer<Header>.allocate(capacity: 1)
        TableBuilder(name: row.name, form: .extensionField).build(
            [row], header: header, descriptor: .allocate(capacity: 1))
        return MessageTable(header)
    }

    /// The table of the message that a record holds.
    init(record: UnsafeRawPointer) {
        let descriptor = record.load(as: UnsafePointer<ProtobufCMessageDescriptor>.self)
        self.init(UnsafePointer(descriptor.pointee.reserved1!.assumingMemoryBound(to: Header.self)))
    }
}
