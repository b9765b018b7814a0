/// Finds a method by the bytes of its name, without making strings.
///
/// A hash table with open addressing. Its keys are the server's own, so that no client can make it slow. Names are
/// read by words through pointers that live as long as one lookup, at offsets compared with their counts.
package struct MethodIndex: Sendable {
    /// Plain numbers, so that looking at one counts no references.
    private struct Entry {
        let hash: UInt64
        /// Where in `names` the service's name begins; the method's follows it.
        let start: Int
        let serviceCount: Int
        let methodCount: Int
        let position: Int
    }

    private var names: [UInt8] = []
    /// A power of two in size, and at most half full.
    private var slots: [Entry?]

    /// The names must differ.
    package init(_ methods: [(service: String, method: String)]) {
        var capacity = 2
        while capacity < methods.count * 2 { capacity *= 2 }
        slots = Array(repeating: nil, count: capacity)
        for (position, name) in methods.enumerated() {
            let service = Array(name.service.utf8)
            let method = Array(name.method.utf8)
            let hash = service.withUnsafeBytes { service in method.withUnsafeBytes { Self.hash(service, $0) } }
            var slot = self.slot(of: hash)
            while slots[slot] != nil { slot = next(slot) }
            slots[slot] = Entry(
                hash: hash, start: names.count, serviceCount: service.count, methodCount: method.count,
                position: position)
            names += service + method
        }
    }

    /// The position, in the array this was made of, of the method that a request is for; nil if there is none.
    package func position(of request: borrowing WireRequest) -> Int? {
        request.withName { service, method in position(service, method) }
    }

    /// The position of a method by its name.
    package func position(service: String, method: String) -> Int? {
        Array(service.utf8).withUnsafeBytes { service in
            Array(method.utf8).withUnsafeBytes { method in position(service, method) }
        }
    }

    @inline(__always)
    private func position(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Int? {
        let hash = Self.hash(service, method)
        var slot = self.slot(of: hash)
        while let entry = slots[slot] {
            if entry.hash == hash, isName(of: entry, service, method) { return entry.position }
            slot = next(slot)
        }
        return nil
    }

    private func isName(
        of entry: Entry, _ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer
    ) -> Bool {
        guard entry.serviceCount == service.count, entry.methodCount == method.count else { return false }
        return names.withUnsafeBytes { names in
            let name = UnsafeRawBufferPointer(rebasing: names[entry.start...])
            return Self.isPrefix(service, of: name)
                && Self.isPrefix(method, of: UnsafeRawBufferPointer(rebasing: name[service.count...]))
        }
    }

    /// `bytes` is at least as long as `prefix`.
    private static func isPrefix(_ prefix: UnsafeRawBufferPointer, of bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset < prefix.count {
            let rest = prefix.count - offset
            if word(prefix, at: offset, rest) != word(bytes, at: offset, rest) { return false }
            offset += 8
        }
        return true
    }

    private func slot(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }

    private func next(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    private static func hash(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> UInt64 {
        mix(mix(0, service), method)
    }

    /// Eight bytes per step: several times faster than `Hasher`, whose protection isn't needed here.
    private static func mix(_ seed: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = fold(seed ^ UInt64(bytes.count))
        var offset = 0
        while offset < bytes.count {
            hash = fold(hash ^ word(bytes, at: offset, bytes.count - offset))
            offset += 8
        }
        return hash
    }

    /// The next eight bytes, or the `rest` if there are fewer.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int, _ rest: Int) -> UInt64 {
        if rest >= 8 { return bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        if rest >= 4 {
            // Overlapping loads: each byte is in one of them at least.
            let head = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let tail = bytes.loadUnaligned(fromByteOffset: offset + rest - 4, as: UInt32.self)
            return UInt64(head) << 32 | UInt64(tail)
        }
        return (0..<rest).reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
    }

    private static func fold(_ value: UInt64) -> UInt64 {
        // An odd constant with evenly spread bits: 2⁶⁴ divided by the golden ratio.
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
