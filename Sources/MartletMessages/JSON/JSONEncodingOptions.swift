/// How messages are written as JSON.
public struct JSONEncodingOptions: Sendable {
    /// Writes names as in the `.proto` file (`display_name`) instead of `displayName`.
    public var usesOriginalNames: Bool
    /// Writes enums as numbers instead of names.
    public var writesEnumsAsNumbers: Bool
    /// Writes fields that have no presence even where they are zero or empty: numbers, strings and enums of
    /// proto3, repeated fields and maps.
    public var includesDefaultValues: Bool
    /// Spaces per level. Nil for one line without spaces.
    public var indentation: Int?
    /// The types that `google.protobuf.Any` may hold.
    public var registry: TypeRegistry

    /// Options; those that aren't given have their defaults.
    public init(
        usesOriginalNames: Bool = false, writesEnumsAsNumbers: Bool = false, includesDefaultValues: Bool = false,
        indentation: Int? = nil, registry: TypeRegistry = .standard
    ) {
        self.usesOriginalNames = usesOriginalNames
        self.writesEnumsAsNumbers = writesEnumsAsNumbers
        self.includesDefaultValues = includesDefaultValues
        self.indentation = indentation
        self.registry = registry
    }

    /// One line, in protobuf's canonical form.
    public static let `default` = JSONEncodingOptions()
    /// Indented by two spaces.
    public static let pretty = JSONEncodingOptions(indentation: 2)
}
