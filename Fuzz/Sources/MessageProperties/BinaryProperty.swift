package import MartletMessages

#if canImport(TestMessages)
    internal import TestMessages
#endif

/// What holds of any bytes: they are refused, or the message they give is written and read back as the same.
///
/// The fuzzer looks for bytes that break it; a test replays those that once did.
package enum BinaryProperty {
    /// `Fuzz/run.sh` counts on the order.
    package static let types: [any GeneratedMessage.Type] = [
        Implicit.self, Explicit.self, Packed.self, Unpacked.self, Maps.self, Choice.self, Tree.self, Numbers.self,
        Older.self, Two.self, GoogleProtobuf.Struct.self, Grouped.self, MessageSet.self, SetItem.self,
    ]

    /// What is wrong; nil if nothing is. The first byte of `input` chooses the message, the others are its bytes.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        guard let choice = input.first else { return nil }
        let type = types[Int(choice) % types.count]
        return violation(UnsafeRawBufferPointer(rebasing: input.dropFirst()), type)
    }

    /// The message's name, its bytes, the bytes written again or "error", and the message's JSON, with tabs between
    /// them and bytes in hexadecimal digits; nil where `input` is empty.
    package static func reading(_ input: UnsafeRawBufferPointer) -> String? {
        guard let choice = input.first else { return nil }
        let type = types[Int(choice) % types.count]
        let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
        let message: (any GeneratedMessage)? = try? type.init(serialized: bytes, limits: .default)
        let written = (try? message?.serialized()).map(hex) ?? "error"
        let json = (try? message?.jsonString()) ?? "error"
        return "\(type.messageName)\t\(hex(bytes))\t\(written)\t\(json)"
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func violation<M: GeneratedMessage>(_ input: UnsafeRawBufferPointer, _ type: M.Type) -> String? {
        guard let message = try? M(serialized: input, limits: .default) else { return nil }
        do {
            let bytes = try message.serialized()
            // Default limits grow with the input, which the shortest form may be much shorter than.
            let limits = DecodingLimits(memory: 1 << 30)
            let again = try bytes.withUnsafeBytes { try M(serialized: $0, limits: limits) }
            // NaN isn't equal to itself, and the order of a map's entries is free.
            if again == message { return nil }
            let bytesAgain = try again.serialized()
            return bytesAgain == bytes || bytesAgain.sorted() == bytes.sorted()
                ? nil : "\(M.messageName) came back as another value"
        } catch {
            return "\(M.messageName) was read, but not read back: \(error)"
        }
    }
}
