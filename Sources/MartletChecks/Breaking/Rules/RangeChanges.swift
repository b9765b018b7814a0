internal import MartletDescriptors
internal import MartletMessages

extension BreakingRule {
    static let rangeRules = [
        BreakingRule("RESERVED_MESSAGE_NO_DELETE", [.wire, .source], "What a message reserves stays reserved.") {
            comparison in
            comparison.messages.flatMap { message in
                let (old, new) = (message.old.descriptor, message.new.descriptor)
                return dropped(
                    from: old.reservedRange.compactMap { range($0.start, $0.end, isEndPast: true) },
                    to: new.reservedRange.compactMap { range($0.start, $0.end, isEndPast: true) },
                    names: old.reservedName, new.reservedName
                ).map {
                    BreakingChange(
                        at: message.new, "message `\(message.new.element.fullName)` no longer reserves \($0)")
                }
            }
        },
        BreakingRule("RESERVED_ENUM_NO_DELETE", [.wire, .source], "What an enum reserves stays reserved.") {
            comparison in
            comparison.enums.flatMap { enumeration in
                let (old, new) = (enumeration.old.descriptor, enumeration.new.descriptor)
                return dropped(
                    from: old.reservedRange.compactMap { range($0.start, $0.end, isEndPast: false) },
                    to: new.reservedRange.compactMap { range($0.start, $0.end, isEndPast: false) },
                    names: old.reservedName, new.reservedName
                ).map {
                    BreakingChange(
                        at: enumeration.new, "enum `\(enumeration.new.element.fullName)` no longer reserves \($0)")
                }
            }
        },
        BreakingRule("EXTENSION_MESSAGE_NO_DELETE", [.source], "No extension range of a message is taken away.") {
            comparison in
            comparison.messages.flatMap { message in
                dropped(
                    from: message.old.descriptor.extensionRange.compactMap { range($0.start, $0.end, isEndPast: true) },
                    to: message.new.descriptor.extensionRange.compactMap { range($0.start, $0.end, isEndPast: true) }
                ).map {
                    BreakingChange(
                        at: message.new,
                        "message `\(message.new.element.fullName)` no longer leaves \($0) to extensions")
                }
            }
        },
        BreakingRule(
            "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", [.wire, .source],
            "No message changes to or from the format of message sets.",
            each: \.messages,
            problem: { message, _ in
                let old = message.old.descriptor.options?.messageSetWireFormat ?? false
                let new = message.new.descriptor.options?.messageSetWireFormat ?? false
                guard old != new else { return nil }
                return "message `\(message.new.element.fullName)` \(new ? "is" : "was") a message set"
                    + (new ? " now" : "")
            }),
    ]

    /// nil for what is empty, or no range at all.
    private static func range(_ start: Int32?, _ end: Int32?, isEndPast: Bool) -> ClosedRange<Int32>? {
        guard let start, let end, isEndPast ? start < end : start <= end else { return nil }
        return start...(isEndPast ? end - 1 : end)
    }

    /// What the old ranges and names have and the new ones haven't, for people.
    private static func dropped(
        from old: [ClosedRange<Int32>], to new: [ClosedRange<Int32>], names oldNames: [String] = [],
        _ newNames: [String] = []
    ) -> [String] {
        old.flatMap { $0.parts(notIn: new) }.map { range in
            range.count == 1
                ? "number \(range.lowerBound)" : "the numbers \(range.lowerBound) to \(range.upperBound)"
        } + oldNames.filter { !newNames.contains($0) }.map { "the name `\($0)`" }
    }
}

extension ClosedRange<Int32> {
    /// In order.
    fileprivate func parts(notIn others: [ClosedRange<Int32>]) -> [ClosedRange<Int32>] {
        var parts: [ClosedRange<Int32>] = []
        var next = Int64(lowerBound)
        for other in others.sorted(by: { $0.lowerBound < $1.lowerBound }) where overlaps(other) {
            if next < Int64(other.lowerBound) { parts.append(Int32(next)...(other.lowerBound - 1)) }
            next = Swift.max(next, Int64(other.upperBound) + 1)
        }
        if next <= Int64(upperBound) { parts.append(Int32(next)...upperBound) }
        return parts
    }
}
