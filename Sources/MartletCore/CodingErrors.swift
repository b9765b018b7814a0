/// Why bytes could not be read as a message.
public struct DecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is, for programs.
    public enum Reason: Sendable, Hashable {
        /// The bytes are not in protobuf's binary form.
        case malformed(Malformation)
        /// A `string` field holds bytes that aren't UTF-8.
        case invalidUTF8
        /// Messages nest deeper than ``DecodingLimits/depth``, or than the thread's stack has room for.
        case tooDeep(limit: Int)
        /// Decoding would use more than ``DecodingLimits/memory``.
        case overBudget(limit: Int)
        /// A `required` field is missing.
        case missingRequiredField
    }

    /// What is wrong with malformed bytes.
    public enum Malformation: Sendable, Hashable {
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
        case unendedGroup
    }

    /// The kind of mistake.
    public let reason: Reason
    /// The full name of the message that was to be read, such as `orders.v1.Order`.
    public let message: String
    /// The path of the field within that message, such as `items[3].name` or `prices["EUR"].amount`, in the names of
    /// the `.proto` file. Nil where no field is to blame.
    public let field: String?
    /// The offset of the first byte that is wrong. Nil where it isn't known, and where a field is missing.
    public let offset: Int?

    /// For implementations of ``Message``.
    public init(_ reason: Reason, message: String, field: String? = nil, offset: Int? = nil) {
        self.reason = reason
        self.message = message
        self.field = field
        self.offset = offset
    }

    public var description: String {
        let place = [field, offset.map { "byte \($0)" }].compactMap(\.self).joined(separator: ", ")
        return "cannot decode \(message)\(place.isEmpty ? "" : " at \(place)"): \(reason)"
    }
}

extension DecodingError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let malformation): "\(malformation)"
        case .invalidUTF8: "the string is not valid UTF-8"
        case .tooDeep(let limit): "messages nest deeper than the limit of \(limit) levels"
        case .overBudget(let limit): "it would use more than the limit of \(limit) bytes of memory"
        case .missingRequiredField: "the required field is missing"
        }
    }
}

extension DecodingError.Malformation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cutShort: "the bytes end in the middle of a field"
        case .fieldNumber: "a field number is 0 or above 536870911"
        case .wireType: "wire types 6 and 7 don't exist"
        case .varint: "a number takes more bytes than protobuf allows"
        case .length: "a length passes protobuf's limit of 2147483647 bytes"
        case .packedLength: "the length of the packed field is no multiple of its elements' size"
        case .groupEnd: "a group ends that did not begin"
        case .unendedGroup: "the group does not end"
        }
    }
}

/// Why a message could not be written as bytes.
public struct EncodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The full name of the message, such as `users.v1.User`.
    public let message: String
    /// The size the binary form would have, in bytes; protobuf's own limit is 2 GiB − 1.
    public let size: Int

    /// For implementations of ``Message``.
    public init(message: String, size: Int) {
        self.message = message
        self.size = size
    }

    public var description: String {
        "cannot encode \(message): its \(size) bytes pass protobuf's limit of 2147483647 bytes for one message"
    }
}
