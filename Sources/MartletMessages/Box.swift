/// Holds a message field out of line: for recursive types, and for large ones. The value never changes; setting
/// the field makes a new box.
///
/// Unchecked, and without checks for exclusive access, because the property is a `var` only so that the encoder
/// can take its address.
public final class Box<Value: GeneratedMessage>: @unchecked Sendable {
    @exclusivity(unchecked) @usableFromInline var storage: Value

    /// A box of its own for the value.
    @inlinable
    public init(_ value: Value) { storage = value }

    /// What is in it. It never changes.
    @inlinable
    public var value: Value { storage }
}

extension Box: Hashable {
    public static func == (a: Box, b: Box) -> Bool { a === b || a.storage == b.storage }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage) }
}
