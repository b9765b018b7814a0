/// Why bytes could not be read as a message.
public struct DecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// The bytes are not in protobuf's binary form, or end too early.
        case malformed
        /// A `string` field holds bytes that aren't UTF-8.
        case invalidUTF8
        /// Messages nest deeper than ``DecodingLimits/depth``.
        case tooDeep(limit: Int)
        /// Decoding would use more than ``DecodingLimits/memory``.
        case overBudget(limit: Int)
        /// A `required` field is missing.
        case missingRequiredField
    }

    /// What is wrong with malformed bytes.
    public enum Malformation: Error, Sendable, Hashable {
        /// The bytes end within a field, or a length passes their end.
        case cutShort
        /// A field number that is 0 or above 536870911.
        case fieldNumber
        /// A wire type that doesn't exist.
        case wireType
        /// A varint of more than 10 bytes; a tag or a length of more than 5.
        case varint
        /// A length of 2 GiB or more.
        case length
        /// A packed field whose bytes are no whole number of elements.
        case packedLength
        /// A group ends that didn't begin, or with another's number.
        case groupEnd
        /// A group doesn't end.
        case groupStart
    }

    public let reason: Reason
    /// The full name of the message, such as `users.v1.User`.
    public let message: String
    /// The field's name in the `.proto` file, where it is known.
    public let field: String?

    public init(_ reason: Reason, message: String, field: String? = nil) {
        self.reason = reason
        self.message = message
        self.field = field
    }

    public var description: String {
        let place = field.map { "\(message).\($0)" } ?? message
        return switch reason {
        case .malformed: "cannot decode \(place): the bytes are not a well-formed protobuf message"
        case .invalidUTF8: "cannot decode \(place): the string is not valid UTF-8"
        case .tooDeep(let limit): "cannot decode \(place): messages nest deeper than the limit of \(limit) levels"
        case .overBudget(let limit):
            "cannot decode \(place): it would use more than the limit of \(limit) bytes of memory"
        case .missingRequiredField: "cannot decode \(place): the required field is missing"
        }
    }
}

/// Why a message could not be written as bytes.
public struct EncodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The full name of the message, such as `users.v1.User`.
    public let message: String
    /// The size the binary form would have, in bytes; protobuf's own limit is 2 GiB − 1.
    public let size: Int

    public init(message: String, size: Int) {
        self.message = message
        self.size = size
    }

    public var description: String {
        "cannot encode \(message): its \(size) bytes pass protobuf's limit of 2147483647 bytes for one message"
    }
}
