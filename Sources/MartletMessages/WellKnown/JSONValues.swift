extension GoogleProtobuf.Value {
    /// A JSON string.
    public init(_ text: String) { self.init(kind: .stringValue(text)) }
    /// JSON has neither NaN nor infinities.
    public init(_ number: Double) { self.init(kind: .numberValue(number)) }
    /// JSON's true or false.
    public init(_ flag: Bool) { self.init(kind: .boolValue(flag)) }
    /// A JSON object.
    public init(_ object: GoogleProtobuf.Struct) { self.init(kind: .structValue(object)) }
    /// A JSON array.
    public init(_ list: GoogleProtobuf.ListValue) { self.init(kind: .listValue(list)) }

    /// JSON's null, which isn't the same as no value.
    public static let null = GoogleProtobuf.Value(kind: .nullValue(.nullValue))

    /// Whether it is JSON's null.
    public var isNull: Bool { if case .nullValue? = kind { true } else { false } }
    /// Nil for a value of another kind.
    public var string: String? { if case .stringValue(let text)? = kind { text } else { nil } }
    /// Nil for a value of another kind.
    public var number: Double? { if case .numberValue(let number)? = kind { number } else { nil } }
    /// Nil for a value of another kind.
    public var bool: Bool? { if case .boolValue(let flag)? = kind { flag } else { nil } }
    /// Nil for a value of another kind.
    public var object: GoogleProtobuf.Struct? { if case .structValue(let object)? = kind { object } else { nil } }
    /// Nil for a value of another kind.
    public var list: GoogleProtobuf.ListValue? { if case .listValue(let list)? = kind { list } else { nil } }

    /// The member of an object; nil where there is none, and where this is no object.
    public subscript(name: String) -> GoogleProtobuf.Value? { object?[name] }

    /// The element of a list; nil where there is none, and where this is no list.
    public subscript(index: Int) -> GoogleProtobuf.Value? {
        guard let values = list?.values, values.indices.contains(index) else { return nil }
        return values[index]
    }
}

extension GoogleProtobuf.Value: ExpressibleByStringInterpolation, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self.init(text) }
    public init(floatLiteral number: Double) { self.init(number) }
    public init(integerLiteral number: Int) { self.init(Double(number)) }
    public init(booleanLiteral flag: Bool) { self.init(flag) }
    /// JSON's null.
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral values: GoogleProtobuf.Value...) { self.init(GoogleProtobuf.ListValue(values: values)) }

    /// Of members with equal names the last one stays.
    public init(dictionaryLiteral members: (String, GoogleProtobuf.Value)...) {
        self.init(GoogleProtobuf.Struct(fields: Dictionary(members) { $1 }))
    }
}

extension GoogleProtobuf.Struct: ExpressibleByDictionaryLiteral {
    /// Of members with equal names the last one stays.
    public init(dictionaryLiteral members: (String, GoogleProtobuf.Value)...) {
        self.init(fields: Dictionary(members) { $1 })
    }

    /// The member of that name; nil where there is none, which isn't null.
    public subscript(name: String) -> GoogleProtobuf.Value? {
        get { fields[name] }
        set { fields[name] = newValue }
    }
}

extension GoogleProtobuf.ListValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral values: GoogleProtobuf.Value...) { self.init(values: values) }

    /// Traps where there is no such element, as arrays do.
    public subscript(index: Int) -> GoogleProtobuf.Value {
        get { values[index] }
        set { values[index] = newValue }
    }
}
