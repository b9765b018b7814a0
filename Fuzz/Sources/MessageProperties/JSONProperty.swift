internal import MartletMessages

/// What holds of any text as JSON: it is refused, or the message it gives is written as JSON, and that gives the same
/// message and the same text again.
///
/// The fuzzer looks for texts that break it; a test replays those that once did.
package enum JSONProperty {
    /// What is wrong; nil if nothing is. The first byte of `input` chooses the message as in ``BinaryProperty``, its
    /// highest bit whether unknown fields are refused; the other bytes are the text.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        guard let choice = input.first else { return nil }
        let type = BinaryProperty.types[Int(choice & 0x7F) % BinaryProperty.types.count]
        return violation(UnsafeRawBufferPointer(rebasing: input.dropFirst()), type, ignoring: choice & 0x80 != 0)
    }

    private static func violation<M: GeneratedMessage>(
        _ text: UnsafeRawBufferPointer, _ type: M.Type, ignoring: Bool
    ) -> String? {
        let options = JSONDecodingOptions(ignoresUnknownFields: ignoring)
        guard let message = try? M(jsonBytes: text, options: options) else { return nil }
        do {
            let written = try message.jsonBytes()
            // Default limits grow with the input, which the shortest form may be much shorter than.
            let again = try M(
                jsonBytes: written, options: JSONDecodingOptions(limits: DecodingLimits(memory: 1 << 30)))
            // NaN isn't equal to itself.
            guard try again == message || again.jsonBytes() == written else {
                return "\(M.messageName) came back from JSON as another value"
            }
            return nil
        } catch {
            return "\(M.messageName) was read from JSON, but not written and read back: \(error)"
        }
    }
}
