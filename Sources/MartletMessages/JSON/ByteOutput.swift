/// Text under construction, in UTF-8.
struct ByteOutput: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 512) {
        start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { start.deallocate() }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// The text; whoever wrote it vouches for its being UTF-8.
    var string: String { String(copying: UTF8Span(unchecked: bytes.span)) }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ source: UnsafePointer<UInt8>, count size: Int) {
        if size > capacity &- count { grow(by: size) }
        (start + count).update(from: source, count: size)
        count &+= size
    }

    mutating func append(_ text: StaticString) { append(text.utf8Start, count: text.utf8CodeUnitCount) }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { if let start = $0.baseAddress { append(start, count: $0.count) } }
    }

    mutating func append(repeating byte: UInt8, count size: Int) {
        if size > capacity - count { grow(by: size) }
        (start + count).update(repeating: byte, count: size)
        count += size
    }

    mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(number.magnitude)
    }

    mutating func append(_ number: UInt64) {
        var digits = 1
        var bound: UInt64 = 10
        while digits < 20, number >= bound {
            digits += 1
            bound = bound.multipliedReportingOverflow(by: 10).partialValue
        }
        append(number, digits: digits)
    }

    /// The last `digits` digits of a number.
    mutating func append(_ number: UInt64, digits: Int) {
        if digits > capacity - count { grow(by: digits) }
        var rest = number
        var place = start + count + digits
        for _ in 0..<digits {
            let quotient = rest / 10
            place -= 1
            place.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
            rest = quotient
        }
        count += digits
    }

    /// Appends `size` bytes that `write` fills in.
    mutating func append(count size: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void) {
        if size > capacity - count { grow(by: size) }
        write(start + count)
        count += size
    }

    /// At least doubles, so that growing costs little over all.
    private mutating func grow(by size: Int) {
        let wanted = max(count + size, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
        capacity = wanted
    }
}
