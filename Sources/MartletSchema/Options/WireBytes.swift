/// Protobuf's binary form, as far as the values of options need it.
struct WireBytes {
    enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case startGroup = 3
        case endGroup = 4
        case fixed32 = 5
    }

    private(set) var bytes: [UInt8] = []

    mutating func tag(_ number: Int32, _ type: WireType) {
        varint(UInt64(number) << 3 | type.rawValue)
    }

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func fixed<Value: FixedWidthInteger>(_ value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func lengthDelimited(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes += value
    }

    /// Whether the message in `bytes`, as this type writes it, has the field at `path`, a list of field numbers that leads
    /// through messages.
    static func hasField(_ path: ArraySlice<Int32>, in bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while let tag = takeVarint(&rest) {
            let isNext = tag >> 3 == UInt64(path[path.startIndex])
            if isNext, path.count == 1 { return true }
            switch WireType(rawValue: tag & 7) {
            case .varint: _ = takeVarint(&rest)
            case .fixed64: rest = rest.dropFirst(8)
            case .fixed32: rest = rest.dropFirst(4)
            case .lengthDelimited:
                let count = Int(takeVarint(&rest) ?? 0)
                if isNext, hasField(path.dropFirst(), in: rest.prefix(count)) { return true }
                rest = rest.dropFirst(count)
            case .startGroup where isNext:
                // What is inside of a group is read as if it were inside of the message around it.
                if hasField(path.dropFirst(), in: rest) { return true }
            case .startGroup, .endGroup, nil: break
            }
        }
        return false
    }

    private static func takeVarint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return value
    }

    mutating func raw(_ value: [UInt8]) {
        bytes += value
    }
}
