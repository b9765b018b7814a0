/// A frame of the native wire as a scripted peer sends and gets it: a header of 10 bytes, then data.
public struct RawFrame: Sendable, Hashable, CustomStringConvertible {
    /// 0: the connection's own.
    public var stream: UInt32
    /// Such as 0x01 for a request; `PROTOCOL.md` lists them.
    public var type: UInt8
    /// As PROTOCOL.md lists them for the type.
    public var flags: UInt8
    /// What follows the ten bytes of the header.
    public var data: [UInt8]

    /// A frame of the native wire, right or wrong.
    public init(stream: UInt32, type: UInt8, flags: UInt8 = 0, data: [UInt8] = []) {
        self.stream = stream
        self.type = type
        self.flags = flags
        self.data = data
    }

    /// As it travels.
    public var bytes: [UInt8] { bigEndian(UInt32(data.count)) + bigEndian(stream) + [type, flags] + data }

    /// Nil: the bytes don't make a whole frame.
    init?(_ bytes: some RandomAccessCollection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 10 else { return nil }
        let number = { (start: Int) in bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        let end = 10 + Int(number(0))
        guard bytes.count >= end else { return nil }
        self.init(stream: number(4), type: bytes[8], flags: bytes[9], data: Array(bytes[10..<end]))
    }

    public var description: String {
        "stream \(stream), type 0x\([type].hex), flags 0x\([flags].hex), data \(data.hex)"
    }
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { shift in UInt8(truncatingIfNeeded: number >> shift) }
}
