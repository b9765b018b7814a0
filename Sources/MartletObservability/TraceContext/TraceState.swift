/// The list that `tracestate` is (https://www.w3.org/TR/trace-context-1/#tracestate-header, section 3.3).
enum TraceState {
    private static let maxMembers = 32
    /// What is passed on at least, and here at most.
    private static let maxBytes = 512
    /// Members above are the first to go where there is too much.
    private static let longMemberBytes = 128

    /// The list as it is passed on, without white space and empty members; nil if it isn't valid.
    ///
    /// Of members with the same key the first counts, which is the latest. Whole members are dropped where all are
    /// longer than 512 bytes (section 3.3.1.5): the long ones first, then from the end.
    static func checked(_ text: String) -> String? {
        var members: [Substring] = []
        var keys: Set<Substring> = []
        for part in text.utf8.split(separator: UInt8(ascii: ",")) {
            guard let member = Substring(part).trimmed else { continue }
            guard let key = key(of: member) else { return nil }
            guard keys.insert(key).inserted else { continue }
            guard members.count < maxMembers else { return nil }
            members.append(member)
        }
        var size = members.reduce(members.count - 1) { $0 + $1.utf8.count }
        for position in members.indices.reversed() where size > maxBytes {
            guard members[position].utf8.count > longMemberBytes else { continue }
            size -= members.remove(at: position).utf8.count + 1
        }
        while size > maxBytes { size -= members.removeLast().utf8.count + 1 }
        return members.joined(separator: ",")
    }

    /// Nil if the member isn't `key=value`.
    private static func key(of member: Substring) -> Substring? {
        guard let equals = member.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let key = member[..<equals]
        let value = member[member.utf8.index(after: equals)...].utf8
        return isKey(key) && (1...256).contains(value.count) && value.allSatisfy(isValueByte) ? key : nil
    }

    /// `a–z` and then up to 255 more, or `tenant@system` of up to 241 and 14, the tenant beginning with a digit
    /// perhaps.
    private static func isKey(_ key: Substring) -> Bool {
        let parts = key.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy(isKeyByte) }), let first = parts[0].first, parts.count <= 2 else {
            return false
        }
        guard parts.count == 2 else { return isLetter(first) && key.utf8.count <= 256 }
        guard let second = parts[1].first else { return false }
        return (isLetter(first) || isDigit(first)) && parts[0].count <= 241 && isLetter(second) && parts[1].count <= 14
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"): true
        default: isLetter(byte) || isDigit(byte)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Printable, but for `,` and `=`.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte &- 0x20 <= 0x5E && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "=")
    }
}

extension Substring {
    /// Without spaces and tabs at its ends; nil if nothing is left.
    fileprivate var trimmed: Substring? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return nil }
        return self[first...last]
    }
}
