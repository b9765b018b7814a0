internal import MartletDescriptors
internal import MartletMessages

/// The rules of field numbers.
enum NumberRules {
    /// Kept by protobuf for its own use.
    private static let kept: ClosedRange<Int32> = 19000...19999

    /// - Parameter isInMessageSet: there numbers go up to 2³¹ − 2.
    static func problem(with number: Int32, isInMessageSet: Bool = false) -> String? {
        if number <= 0 { return "field numbers start at 1" }
        if number >= Parser.fieldNumberEnd, !isInMessageSet {
            return "the largest field number is \(Parser.fieldNumberEnd - 1)"
        }
        if kept.contains(number) {
            return "the field numbers 19000 to 19999 are kept for protobuf itself; choose another"
        }
        return nil
    }

    /// Names the smallest number above those of the fields that is free, if there is one.
    static func hint(in message: GoogleProtobuf.DescriptorProto) -> String {
        let used = message.field.compactMap(\.number).filter { problem(with: $0) == nil }
        var candidate = (used.max() ?? 0) + 1
        while candidate < Parser.fieldNumberEnd {
            if kept.contains(candidate) {
                candidate = kept.upperBound + 1
            } else if let range = message.reservedRange.first(where: { $0.contains(candidate) }) {
                candidate = range.end ?? .max
            } else if let range = message.extensionRange.first(where: { $0.contains(candidate) }) {
                candidate = range.end ?? .max
            } else {
                return "; the next free one is \(candidate)"
            }
        }
        return ""
    }
}

extension GoogleProtobuf.DescriptorProto {
    /// The field whose type is the nested message at `index`, in a message of the name `scope`.
    func mapField(ofEntry index: Int, in scope: String) -> Int? {
        let typeName = ".\(scope).\(nestedType[index].name ?? "")"
        return field.firstIndex { $0.typeName == typeName }
    }
}

extension GoogleProtobuf.DescriptorProto.ReservedRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}

extension GoogleProtobuf.DescriptorProto.ExtensionRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}
