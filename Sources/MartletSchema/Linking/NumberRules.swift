internal import MartletDescriptors
internal import MartletMessages

/// The rules of field numbers.
enum NumberRules {
    /// Kept by protobuf for its own use.
    private static let kept: ClosedRange<Int32> = 19000...19999

    static func problem(with number: Int32) -> String? {
        if number <= 0 { return "field numbers start at 1" }
        if number >= Parser.fieldNumberEnd { return "the largest field number is \(Parser.fieldNumberEnd - 1)" }
        if kept.contains(number) {
            return "the field numbers 19000 to 19999 are kept for protobuf itself; choose another"
        }
        return nil
    }

    /// The smallest number above those of the fields that is free.
    static func next(in message: GoogleProtobuf.DescriptorProto) -> Int32 {
        let used = message.field.compactMap(\.number).filter { problem(with: $0) == nil }
        var candidate = (used.max() ?? 0) + 1
        while true {
            if kept.contains(candidate) {
                candidate = kept.upperBound + 1
            } else if let range = message.reservedRange.first(where: { $0.contains(candidate) }) {
                candidate = range.end ?? candidate + 1
            } else if let range = message.extensionRange.first(where: { $0.contains(candidate) }) {
                candidate = range.end ?? candidate + 1
            } else {
                return candidate
            }
        }
    }
}

extension GoogleProtobuf.DescriptorProto.ReservedRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}

extension GoogleProtobuf.DescriptorProto.ExtensionRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}
