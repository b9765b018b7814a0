/// A Swift type that fields have: how one value, or a list of them, goes from a record and into one.
///
/// Conforming types: the numbers, `Bool`, `String`, `[UInt8]`, and generated messages and enums.
public protocol FieldValue: Hashable, Sendable {
    /// Reads one value from the slot at so many bytes of the record.
    static func loadField(from record: RecordReader, at offset: Int) throws(DecodingError) -> Self
    /// Puts one value into the slot at so many bytes of the record, which may borrow its memory.
    static func storeField(_ value: Self, into record: RecordWriter, at offset: Int)
    /// Whether a field with implicit presence leaves this value out.
    static func isFieldDefault(_ value: Self) -> Bool
    /// Reads the list whose slot is at so many bytes of the record.
    static func loadFields(from record: RecordReader, at offset: Int) throws(DecodingError) -> [Self]
    /// Puts a list into the slot at so many bytes of the record, which may borrow its memory.
    static func storeFields(_ values: [Self], into record: RecordWriter, at offset: Int)
}
