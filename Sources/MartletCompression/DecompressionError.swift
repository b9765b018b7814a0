/// Why bytes can't be decompressed. Offsets count from the start of the compressed bytes.
package enum DecompressionError: Error, Hashable, CustomStringConvertible {
    /// More would come out than the caller allows.
    case overLimit(limit: Int)
    /// The bytes end before what they hold does.
    case truncated(length: Int)
    /// zlib's words for what is wrong, such as `incorrect data check`.
    case corrupted(offset: Int, reason: String)
    /// What the bytes hold ends before they do.
    case trailingBytes(offset: Int, count: Int)

    package var description: String {
        switch self {
        case .overLimit(let limit):
            "the message is larger than the limit of \(limit) bytes once it is decompressed"
        case .truncated(let length):
            "the compressed message is cut off after \(length) bytes"
        case .corrupted(let offset, let reason):
            "the compressed message is corrupted at byte \(offset): \(reason)"
        case .trailingBytes(let offset, let count):
            "the compressed message ends at byte \(offset), and \(count) more bytes follow"
        }
    }
}
