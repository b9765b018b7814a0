/// How messages are written in protobuf's text format.
public struct TextFormatOptions: Sendable {
    /// Writes all in one line, with spaces between fields.
    public var isOneLine: Bool
    /// The types that `google.protobuf.Any` may hold, which then is written with that message's fields, and the
    /// extensions, which then have names instead of numbers.
    public var registry: TypeRegistry

    /// Options; those that aren't given have their defaults.
    public init(isOneLine: Bool = false, registry: TypeRegistry = .standard) {
        self.isOneLine = isOneLine
        self.registry = registry
    }

    /// A field a line, indented by two spaces.
    public static let `default` = TextFormatOptions()
    /// All fields in one line, for logs.
    public static let oneLine = TextFormatOptions(isOneLine: true)
}
