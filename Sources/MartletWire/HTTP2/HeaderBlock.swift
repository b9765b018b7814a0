internal import CNghttp2
internal import MartletCore

/// Header fields on their way out, in one piece of memory.
struct HeaderBlock {
    struct Field {
        let nameCount: Int
        let valueCount: Int
    }

    private(set) var text: [UInt8] = []
    private(set) var fields: [Field] = []

    init() {}

    init(_ fields: KeyValuePairs<String, String>) {
        for (name, value) in fields { add(name, value) }
    }

    /// - Parameter name: In lower case.
    mutating func add(_ name: String, _ value: String) {
        text.append(contentsOf: name.utf8)
        text.append(contentsOf: value.utf8)
        fields.append(Field(nameCount: name.utf8.count, valueCount: value.utf8.count))
    }

    mutating func add(_ name: String, _ value: [UInt8]) {
        text.append(contentsOf: name.utf8)
        text.append(contentsOf: value)
        fields.append(Field(nameCount: name.utf8.count, valueCount: value.count))
    }

    mutating func add(_ other: HeaderBlock) {
        text += other.text
        fields += other.fields
    }

    /// What it counts against the peer's limit (RFC 9113, section 6.5.2).
    var wireSize: Int { text.count + fields.count * Metadata.fieldOverhead }

    /// Hands out the fields as nghttp2 takes them, which copies what it keeps.
    func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>, Int) -> R) -> R {
        text.withUnsafeBufferPointer { text in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: max(1, fields.count)) { list in
                let start = list.baseAddress!
                // nghttp2 doesn't write through these pointers; its type just doesn't say so.
                write(
                    to: start, text: UnsafeMutablePointer(mutating: text.baseAddress),
                    flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
                return body(UnsafePointer(start), fields.count)
            }
        }
    }

    /// - Parameter text: Where the text is.
    func write(to list: UnsafeMutablePointer<nghttp2_nv>, text: UnsafeMutablePointer<UInt8>?, flags: UInt8) {
        var position = text
        for (index, field) in fields.enumerated() {
            guard let name = position else { return }
            let value = name + field.nameCount
            (list + index).initialize(
                to: nghttp2_nv(
                    name: name, value: value, namelen: field.nameCount, valuelen: field.valueCount, flags: flags))
            position = value + field.valueCount
        }
    }
}
