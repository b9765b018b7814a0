/// The names and numbers of an enum, as its schema declares them.
public final class EnumTable: Sendable {
    /// The full protobuf name, such as `users.v1.Role`.
    let name: String
    /// Whether other numbers than those of `values` are not values of the enum, but unknown fields.
    let isClosed: Bool
    /// In the order of the schema. Names that share a number with an earlier one are aliases.
    let values: [(name: String, number: Int32)]

    private let names: [Int32: String]
    private let numbers: [String: Int32]

    /// `name` is the full protobuf name.
    public init(_ name: StaticString, isClosed: Bool = false, _ values: [(StaticString, Int32)]) {
        self.name = "\(name)"
        self.isClosed = isClosed
        self.values = values.map { ("\($0)", $1) }
        names = Dictionary(self.values.map { ($0.number, $0.name) }) { first, _ in first }
        numbers = Dictionary(self.values.map { ($0.name, $0.number) }) { first, _ in first }
    }

    /// The first name of a number.
    func name(of number: Int32) -> String? { names[number] }

    func number(of name: String) -> Int32? { numbers[name] }

    func contains(_ number: Int32) -> Bool { names[number] != nil }
}
