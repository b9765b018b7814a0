/// A scripted peer didn't get what its script expects.
public struct ScriptError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Collection<UInt8> {
    /// Such as `00 1f … (70 bytes)`.
    var hex: String {
        let digits = prefix(64).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        let text = digits.joined(separator: " ")
        return count > 64 ? "\(text) … (\(count) bytes)" : text
    }
}
