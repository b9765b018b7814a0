/// How messages are read from JSON.
public struct JSONDecodingOptions: Sendable {
    /// Skips members that no field is named like, and names of enums that the schema doesn't have, instead of
    /// refusing them.
    public var ignoresUnknownFields: Bool
    /// The types that `google.protobuf.Any` may hold.
    public var registry: TypeRegistry
    /// Bounds; the size that the default for memory counts with is the text's.
    public var limits: DecodingLimits

    /// Options; those that aren't given have their defaults.
    public init(
        ignoresUnknownFields: Bool = false, registry: TypeRegistry = .standard, limits: DecodingLimits = .default
    ) {
        self.ignoresUnknownFields = ignoresUnknownFields
        self.registry = registry
        self.limits = limits
    }

    /// Refuses what the schema doesn't name.
    public static let `default` = JSONDecodingOptions()
}
