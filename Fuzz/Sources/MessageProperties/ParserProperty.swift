internal import MartletMessages

/// What holds of any bytes: Martlet's own parser and libprotobuf-c with all that is done about its mistakes give the
/// same message, or both refuse.
///
/// The fuzzer looks for bytes that break it; a test replays those that once did.
package enum ParserProperty {
    /// What is wrong; nil if nothing is. `input` is one of ``BinaryProperty``.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        guard let choice = input.first else { return nil }
        let type = BinaryProperty.types[Int(choice) % BinaryProperty.types.count]
        return violation(UnsafeRawBufferPointer(rebasing: input.dropFirst()), type)
    }

    private static func violation<M: GeneratedMessage>(_ input: UnsafeRawBufferPointer, _ type: M.Type) -> String? {
        // So that neither of them runs out of memory where the other doesn't.
        let limits = DecodingLimits(memory: 1 << 30)
        let (usual, exact) = (
            try? M(serialized: input, limits: limits), try? M(exactlySerialized: input, limits: limits)
        )
        guard let usual, let exact else {
            return (usual == nil) == (exact == nil)
                ? nil
                : "\(usual == nil ? "only Martlet's own parser" : "only libprotobuf-c") reads this \(M.messageName)"
        }
        return usual == exact || areSame(usual, exact) ? nil : "the parsers read this \(M.messageName) differently"
    }

    /// NaN isn't equal to itself. And a number that a closed enum doesn't know is lost where libprotobuf-c reads a
    /// known one for the same field later; JSON leaves out the unknown fields where it would be.
    private static func areSame<M: GeneratedMessage>(_ usual: M, _ exact: M) -> Bool {
        if let first = try? usual.serialized(), let second = try? exact.serialized(),
            first == second || first.sorted() == second.sorted()
        {
            return true
        }
        let hasClosedEnums = M.messageName.hasPrefix("martlet.testing.two.")
        guard hasClosedEnums, let first = try? usual.jsonBytes(), let second = try? exact.jsonBytes() else {
            return false
        }
        return first == second
    }
}
