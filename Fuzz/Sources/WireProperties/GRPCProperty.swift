private import MartletCore
private import NIOCore

@testable private import MartletWire

/// What holds of any bytes that stand where gRPC has messages, timeouts, texts, metadata and statuses.
///
/// The fuzzer looks for bytes that break it; a test replays those that once did.
package enum GRPCProperty {
    /// What is wrong; nil if nothing is. The first byte of `input` chooses what the others are.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        guard let choice = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        switch choice % 5 {
        case 0: return messages(bytes, chunk: Int(choice) / 5 + 1)
        case 1: return timeout(bytes)
        case 2: return text(bytes)
        case 3: return metadata(bytes)
        default: return status(bytes)
        }
    }

    // MARK: - Messages

    /// However the bytes are cut, the same messages come out.
    private static func messages(_ bytes: [UInt8], chunk: Int) -> String? {
        let whole = deframed(bytes, chunk: max(1, bytes.count))
        let parts = deframed(bytes, chunk: chunk)
        if whole != parts { return "cutting at every \(chunk) bytes gives \(parts) instead of \(whole)" }
        let taken = whole.messages.reduce(0) { $0 + $1.count + 5 }
        if !whole.hasFailed, taken + whole.partialBytes != bytes.count { return "bytes are lost: \(whole)" }
        return whole.hasFailed || whole.isInside == (whole.partialBytes > 0) ? nil : "a message begins without a byte"
    }

    private struct Deframed: Equatable {
        var messages: [[UInt8]] = []
        var compressed: [Bool] = []
        var hasFailed = false
        var isInside = false
        var partialBytes = 0
    }

    private static func deframed(_ bytes: [UInt8], chunk: Int) -> Deframed {
        var deframer = GRPCDeframer(maxMessageBytes: 300, compression: .gzip)
        let blocks = SpareBlocks()
        var result = Deframed()
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            var part = ByteBuffer(bytes: bytes[start..<min(bytes.count, start + chunk)])
            reading: while true {
                switch deframer.next(&part, blocks: blocks) {
                case .message(let message):
                    result.messages.append(Array(message.bytes.readableBytesView))
                    result.compressed.append(message.isCompressed)
                case .failed: result.hasFailed = true
                case .needsMore: break reading
                }
            }
        }
        result.isInside = deframer.isInsideMessage
        result.partialBytes = deframer.partialBytes
        return result
    }

    // MARK: - Fields

    /// What is written of a timeout is read as one that is as long, or longer by less than a millionth.
    private static func timeout(_ bytes: [UInt8]) -> String? {
        guard let timeout = GRPCTimeout(bytes) else { return nil }
        var written: [UInt8] = []
        timeout.write(to: &written)
        guard let again = GRPCTimeout(written) else { return "\(written) is no timeout" }
        let excess = again.nanoseconds - timeout.nanoseconds
        return excess >= 0 && excess <= timeout.nanoseconds / 1_000_000 ? nil : "\(timeout) becomes \(again)"
    }

    /// What is read of a text is written as printable ASCII that is read as the same.
    private static func text(_ bytes: [UInt8]) -> String? {
        let text = PercentText.decode(bytes)
        let written = PercentText.encode(text)
        guard written.allSatisfy({ 0x20...0x7E ~= $0 }) else { return "\(text) is written with other bytes" }
        return PercentText.decode(written) == text ? nil : "\(text) becomes \(PercentText.decode(written))"
    }

    /// What is read of headers can be sent on, and is read there as the same, if it isn't the protocol's or HTTP's own.
    private static func metadata(_ bytes: [UInt8]) -> String? {
        guard let metadata = read(fields(bytes)), (try? metadata.checkHeaders()) != nil else { return nil }
        guard (try? metadata.validate()) != nil else { return "\(metadata) is read and not valid" }
        let sent = read(headers(of: metadata))
        guard let sent, let again = read(headers(of: sent)) else { return "\(metadata) can't be sent on" }
        return sent == again ? nil : "\(sent) becomes \(again)"
    }

    private typealias Fields = [(name: [UInt8], value: [UInt8])]

    /// Lines with a colon.
    private static func fields(_ bytes: [UInt8]) -> Fields {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            return (Array(line[..<colon]), Array(line[colon...].dropFirst()))
        }
    }

    private static func read(_ fields: Fields) -> Metadata? {
        var metadata = GRPCMetadata(limit: 2000)
        for (name, value) in fields {
            name.withUnsafeBytes { name in value.withUnsafeBytes { metadata.add(name, $0) } }
        }
        return try? metadata.complete()
    }

    private static func headers(of metadata: Metadata) -> Fields {
        var headers: Fields = []
        metadata.forEachHeader { headers.append((Array($0.utf8), Array($1))) }
        return headers
    }

    /// What is read of a status that is an error is written as one that is read as the same.
    private static func status(_ bytes: [UInt8]) -> String? {
        var status = GRPCStatus()
        for (name, value) in fields(bytes) {
            name.withUnsafeBytes { name in value.withUnsafeBytes { status.read(name, $0) } }
        }
        guard let code = status.code, code != .ok else { return nil }
        let error = status.error(code, [:])
        var again = GRPCStatus()
        GRPCStatus.write(error) { name, value in
            Array("\(name)".utf8).withUnsafeBytes { name in value.withUnsafeBytes { again.read(name, $0) } }
        }
        guard again.code == code else { return "\(code) becomes \(String(describing: again.code))" }
        let copy = again.error(code, [:])
        guard copy.message == error.message, copy.details.count == error.details.count else {
            return "\(error) becomes \(copy)"
        }
        return nil
    }
}
