/// Paths of a field mask in JSON: `createTime` for `create_time`.
enum FieldMaskText {
    /// Nil for a path that wouldn't come back: one with upper case, or with an underscore that no lower-case
    /// letter follows.
    static func camelCase(_ path: String) -> String? {
        var text: [UInt8] = []
        var isAfterUnderscore = false
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): return nil
            case UInt8(ascii: "_"):
                if isAfterUnderscore { return nil }
                isAfterUnderscore = true
                continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"): text.append(isAfterUnderscore ? byte - 32 : byte)
            default:
                if isAfterUnderscore { return nil }
                text.append(byte)
            }
            isAfterUnderscore = false
        }
        return isAfterUnderscore ? nil : String(decoding: text, as: UTF8.self)
    }

    /// Nil for a path with an underscore, which no path has in JSON.
    static func snakeCase(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        var path: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "_"): return nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): path += [UInt8(ascii: "_"), byte + 32]
            default: path.append(byte)
            }
        }
        return path
    }
}
