/// The fields of a header block as they came, in one piece of memory that serves one block after another: the lengths of
/// a field's name and value, and both.
struct ReceivedHeaders: Equatable {
    private var bytes: [UInt8] = []

    private static let lengthBytes = MemoryLayout<UInt32>.size

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        for count in [name.count, value.count] {
            withUnsafeBytes(of: UInt32(count)) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
    }

    func read(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var position = 0
            func length() -> Int {
                defer { position += Self.lengthBytes }
                return Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            }
            func text(_ count: Int) -> UnsafeRawBufferPointer {
                defer { position += count }
                return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
            }
            while position < bytes.count {
                let nameCount = length()
                let valueCount = length()
                let name = text(nameCount)
                body(name, text(valueCount))
            }
        }
    }
}
