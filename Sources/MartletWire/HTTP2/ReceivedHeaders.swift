/// The fields of a header block as they came, in one piece of memory that serves one block after another.
struct ReceivedHeaders: Equatable {
    private struct Field: Equatable {
        let nameCount: Int
        let valueCount: Int
    }

    private var text: [UInt8] = []
    private var fields: [Field] = []

    mutating func removeAll() {
        text.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        text.append(contentsOf: name)
        text.append(contentsOf: value)
        fields.append(Field(nameCount: name.count, valueCount: value.count))
    }

    func forEach(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        text.withUnsafeBytes { text in
            var position = 0
            for field in fields {
                let value = position + field.nameCount
                let end = value + field.valueCount
                body(
                    UnsafeRawBufferPointer(rebasing: text[position..<value]),
                    UnsafeRawBufferPointer(rebasing: text[value..<end]))
                position = end
            }
        }
    }
}
