/// The room that a Swift value takes where it is stored, in bytes, as the boxing rule counts it.
///
/// Swift packs some values tighter than this; the rule only needs the same answer every time.
struct InlineSize: Hashable {
    let size: Int
    let alignment: Int

    static let box = InlineSize(size: 8, alignment: 8)

    init(size: Int, alignment: Int) {
        self.size = size
        self.alignment = alignment
    }

    /// What a message keeps for its unknown fields: one reference.
    static let unknownFields = InlineSize(size: 8, alignment: 8)

    /// A field that is not a single message.
    init(_ type: ValueType, _ cardinality: Cardinality) {
        switch cardinality {
        case .repeated, .map: self.init(size: 8, alignment: 8)
        case .optional: self = Self.single(type).optional(hasSpareBits: type.hasSpareBits)
        case .implicit, .required: self = Self.single(type)
        }
    }

    static func single(_ type: ValueType) -> InlineSize {
        switch type {
        case .message: box
        case .enum: InlineSize(size: 5, alignment: 4)
        case .scalar(let scalar):
            switch scalar {
            case .bool: InlineSize(size: 1, alignment: 1)
            case .int32, .uint32, .sint32, .fixed32, .sfixed32, .float: InlineSize(size: 4, alignment: 4)
            case .int64, .uint64, .sint64, .fixed64, .sfixed64, .double, .bytes: InlineSize(size: 8, alignment: 8)
            case .string: InlineSize(size: 16, alignment: 8)
            }
        }
    }

    private func optional(hasSpareBits: Bool) -> InlineSize {
        hasSpareBits ? self : InlineSize(size: size + 1, alignment: alignment)
    }

    /// Values one behind the other, each aligned.
    static func sum(_ parts: [InlineSize]) -> Int {
        parts.reduce(0) { size, part in
            (size + part.alignment - 1) / part.alignment * part.alignment + part.size
        }
    }
}

extension ValueType {
    /// True where an Optional of the type is no larger than the type.
    fileprivate var hasSpareBits: Bool {
        switch self {
        case .enum, .message: true
        case .scalar(let scalar): scalar.isLengthDelimited || scalar == .bool
        }
    }
}
