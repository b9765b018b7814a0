#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// The fields of a header block as they came, in one piece of memory that serves one block after another: the lengths of
/// a field's name and value, and both.
///
/// Most blocks repeat the one before, and those are only compared with it.
struct ReceivedHeaders {
    /// Of this block, or of the one before as long as this one repeats it.
    private var bytes: [UInt8] = []
    /// How many of the bytes the block repeats so far. Nil: it differs.
    private var repeated: Int?
    private var isComplete = false

    private static let lengthBytes = MemoryLayout<UInt64>.size

    mutating func begin() {
        if isComplete {
            repeated = 0
        } else {
            bytes.removeAll(keepingCapacity: true)
            repeated = nil
        }
        isComplete = false
    }

    /// - Returns: Whether the block is the same as the last one that was complete.
    mutating func end() -> Bool {
        isComplete = true
        if repeated == bytes.count { return true }
        if let repeated { bytes.removeSubrange(repeated...) }
        return false
    }

    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        let lengths = UInt64(name.count) << 32 | UInt64(value.count)
        if let position = repeated {
            if let end = end(ofField: lengths, name, value, at: position) {
                repeated = end
                return
            }
            bytes.removeSubrange(position...)
            repeated = nil
        }
        withUnsafeBytes(of: lengths) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
    }

    /// Where the field ends that is at a position; nil: another is there.
    private func end(
        ofField lengths: UInt64, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>,
        at position: Int
    ) -> Int? {
        let nameStart = position + Self.lengthBytes
        let valueStart = nameStart + name.count
        let end = valueStart + value.count
        guard end <= bytes.count else { return nil }
        let isSame = bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress!
            func has(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
                text.count == 0 || memcmp(start + position, text.baseAddress!, text.count) == 0
            }
            return bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) == lengths
                && has(name, at: nameStart) && has(value, at: valueStart)
        }
        return isSame ? end : nil
    }

    func read(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var position = 0
            func text(_ count: Int) -> UnsafeRawBufferPointer {
                defer { position += count }
                return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
            }
            while position < bytes.count {
                let lengths = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                position += Self.lengthBytes
                let name = text(Int(lengths >> 32))
                body(name, text(Int(lengths & 0xFFFF_FFFF)))
            }
        }
    }
}
