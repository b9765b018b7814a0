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
    /// The fields that are maps, by the index of their entry among the nested messages of this one, called `scope`.
    func mapFields(in scope: String) -> [Int: Int] {
        guard nestedType.contains(where: { $0.options?.mapEntry == true }) else { return [:] }
        let fields = Dictionary(field.enumerated().map { ($1.typeName ?? "", $0) }) { first, _ in first }
        var result: [Int: Int] = [:]
        for (index, entry) in nestedType.enumerated() where entry.options?.mapEntry == true {
            result[index] = fields[".\(scope).\(entry.name ?? "")"]
        }
        return result
    }
}

extension GoogleProtobuf.DescriptorProto.ReservedRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}

extension GoogleProtobuf.DescriptorProto.ExtensionRange {
    func contains(_ number: Int32) -> Bool { (start ?? 0) <= number && number < (end ?? 0) }
}
