/// A field that one message type gets from elsewhere (`extend Foo { optional int32 bar = 126; }`). `Value` is an
/// Optional for singular ones and an array for repeated ones.
///
/// Generated code has one constant for each: `message[.bar]` and `message[Outer.bar]` read and set it. The value
/// lies among the message's ``GeneratedMessage/unknownFields`` in binary form.
public struct MessageExtension<Extendee: GeneratedMessage, Value: Sendable>: GeneratedExtension {
    /// What the schema says that an absent one means; empty for repeated ones.
    public let defaultValue: Value
    public let table: MessageTable
    let absent: Value
    let read: @Sendable (RecordReader) throws(DecodingError) -> Value
    /// False where there is nothing to write.
    let write: @Sendable (Value, RecordWriter) -> Bool

    public var extendee: any GeneratedMessage.Type { Extendee.self }

    /// A singular extension. `name` is the full protobuf name.
    public init<Wrapped: FieldValue>(
        _ type: FieldType, _ name: StaticString, _ number: UInt32, default defaultValue: Wrapped
    ) where Value == Wrapped? {
        self.defaultValue = defaultValue
        absent = nil
        table = .ofExtension(.optional(type, name, number, at: ExtensionSlot.value, has: ExtensionSlot.has))
        read = { (record) throws(DecodingError) in
            try record.optional(at: ExtensionSlot.value, has: ExtensionSlot.has)
        }
        write = { value, record in
            record.setOptional(value, at: ExtensionSlot.value, has: ExtensionSlot.has)
            return value != nil
        }
    }

    /// A repeated extension. `name` is the full protobuf name.
    public init<Element: FieldValue>(
        repeated type: FieldType, _ name: StaticString, _ number: UInt32
    ) where Value == [Element] {
        self.init(list: .repeated(type, name, number, at: ExtensionSlot.value))
    }

    /// A repeated extension that is written packed. `name` is the full protobuf name.
    public init<Element: FieldValue>(
        packed type: FieldType, _ name: StaticString, _ number: UInt32
    ) where Value == [Element] {
        self.init(list: .packed(type, name, number, at: ExtensionSlot.value))
    }

    public func add(_ record: RecordReader, to fields: inout UnknownFields) throws(DecodingError) {
        let value = try read(record)
        let arena = Arena.take()
        defer { arena.giveBack() }
        let copy = RecordWriter(table, in: arena)
        // The record borrows from the value.
        withExtendedLifetime(value) {
            if write(value, copy) { append(copy, to: &fields) }
        }
    }

    private init<Element: FieldValue>(list row: FieldRow) where Value == [Element] {
        defaultValue = []
        absent = []
        table = .ofExtension(row)
        read = { (record) throws(DecodingError) in try record.list(at: ExtensionSlot.value) }
        write = { values, record in
            record.setList(values, at: ExtensionSlot.value)
            return !values.isEmpty
        }
    }
}

/// Any ``MessageExtension``.
public protocol GeneratedExtension: Sendable {
    /// The message that it adds a field to.
    var extendee: any GeneratedMessage.Type { get }
    /// That of a message which has this field only.
    var table: MessageTable { get }

    /// Adds the value that a record of that message holds. For readers of other formats than the binary one.
    func add(_ record: RecordReader, to fields: inout UnknownFields) throws(DecodingError)
}

extension GeneratedExtension {
    /// Its JSON name is the full name in brackets.
    var field: MessageTable.Field { table.fields[0] }

    /// Such as `pkg.Outer.bar`.
    public var fullName: String { field.name }
    /// The field's number, unique among the extendee's.
    public var number: UInt32 { field.number }
}

/// Where an extension's field lies in the record of its own.
enum ExtensionSlot {
    static let value = 24
    static let has = 40
}
