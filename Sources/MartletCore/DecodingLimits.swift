/// Bounds on what decoding one message may use, whatever its bytes say.
public struct DecodingLimits: Sendable, Hashable {
    /// How deeply messages may nest, the outermost being level 1. Default 100, as in other protobuf implementations.
    public var depth: Int

    /// Scratch memory, in bytes, that decoding may use beside the resulting value.
    /// Default (nil): 64 times the size of the binary form, and at least 1 MiB. Honest messages use 1 to 4 times.
    public var memory: Int?

    /// Bounds; those that aren't given have their defaults.
    public init(depth: Int = 100, memory: Int? = nil) {
        self.depth = depth
        self.memory = memory
    }

    /// What calls decode with: 100 levels, and memory by the message's size.
    public static let `default` = DecodingLimits()
}
