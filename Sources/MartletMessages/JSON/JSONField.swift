/// What JSON needs to know of a field, in a form that costs no retain to look at.
struct JSONField: BitwiseCopyable {
    /// How a value looks in JSON and in the record.
    enum Kind: BitwiseCopyable {
        case int32, uint32, int64, uint64, float, double, bool, string, bytes, enumeration, nullValue, message
    }

    /// The text `"name":`, in memory that is never freed.
    struct QuotedName: BitwiseCopyable {
        let start: UnsafePointer<UInt8>
        let count: Int

        init(_ name: String) {
            let text = Array("\"\(name)\":".utf8)
            let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
            _ = memory.initialize(from: text)
            start = UnsafePointer(memory.baseAddress!)
            count = text.count
        }

        /// The name without its quotes.
        var span: ByteSpan { ByteSpan(start + 1, count: count - 3) }
        var string: String { String(decoding: span.bytes, as: UTF8.self) }
    }

    let name: QuotedName
    /// The name in the `.proto` file.
    let originalName: QuotedName
    let number: UInt32
    let kind: Kind
    let isRepeated: Bool
    let isMap: Bool
    let isRequired: Bool
    /// Whether the field is left out when it is zero.
    let isImplicit: Bool
    let offset: Int
    /// 0 for fields without a flag.
    let hasOffset: Int
    /// 0 for fields outside of oneofs.
    let oneofCase: Int
    private let message: UnsafePointer<MessageTable.Header>?
    private let entry: UnsafePointer<MessageTable.Header>?
    private let enumeration: Unmanaged<EnumTable>?

    init(_ field: MessageTable.Field) {
        name = QuotedName(field.jsonName)
        originalName = QuotedName(field.name)
        number = field.number
        isRepeated = field.presence == .repeated || field.presence == .packed
        isMap = field.presence == .map
        isRequired = field.presence == .required
        isImplicit = field.presence == .implicit
        offset = field.offset
        hasOffset = field.hasOffset
        oneofCase = field.oneofCase ?? 0
        entry = field.entry?.header
        var message: MessageTable?
        var enumeration: EnumTable?
        switch field.kind {
        case .scalar(let scalar): kind = Kind(scalar)
        case .enumeration(let table):
            kind = table.name == "google.protobuf.NullValue" ? .nullValue : .enumeration
            enumeration = table
        case .message(let table), .group(let table):
            kind = .message
            message = table
        }
        self.message = message?.header
        // Generated code keeps its tables for ever.
        self.enumeration = enumeration.map { Unmanaged.passUnretained($0) }
    }

    /// For fields of the kind `message`.
    var table: MessageTable { MessageTable(message.unsafelyUnwrapped) }

    /// The table of a map's entries.
    var entryTable: MessageTable { MessageTable(entry.unsafelyUnwrapped) }

    /// For fields of the kind `enumeration`.
    var enumTable: EnumTable { enumeration.unsafelyUnwrapped.takeUnretainedValue() }

    /// Whether JSON's null is a value of the field's type, instead of saying that there is none.
    var takesNull: Bool { kind == .nullValue || kind == .message && table.json.wellKnown == .value }
}

extension JSONField.Kind {
    fileprivate init(_ scalar: ScalarType) {
        self =
            switch scalar {
            case .int32, .sint32, .sfixed32: .int32
            case .int64, .sint64, .sfixed64: .int64
            case .uint32, .fixed32: .uint32
            case .uint64, .fixed64: .uint64
            case .float: .float
            case .double: .double
            case .bool: .bool
            case .string: .string
            case .bytes: .bytes
            }
    }

    /// The bytes of a slot in the record.
    var slotSize: Int {
        switch self {
        case .int32, .uint32, .float, .enumeration, .nullValue: 4
        case .int64, .uint64, .double, .bool, .message: 8
        case .string, .bytes: 16
        }
    }
}
