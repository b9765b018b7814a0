internal import NIOCore

/// What the first ten bytes of a connection are where they aren't a Hello, in words that fit into a sentence.
func describeFirstBytes(_ input: borrowing ByteBuffer, _ header: FrameHeader) -> String {
    let first = input.withUnsafeReadableBytes { [UInt8]($0.prefix(FrameHeader.byteCount)) }
    if isHTTP2Preface(input) { return "an HTTP/2 preface (PRI * HTTP/2.0), as gRPC clients send" }
    if first.starts(with: "HTTP/1.".utf8) { return "an HTTP/1.1 response" }
    if let record = describeTLS(first) { return record }
    // HTTP/2's header: three bytes of length, type 4, no flags, stream 0.
    if first[3...].starts(with: [4, 0, 0, 0, 0, 0]) { return "an HTTP/2 SETTINGS frame, as gRPC servers send" }
    if header.isPlainTTRPC { return header.type == .request ? "a plain ttrpc Request" : "a plain ttrpc Response" }
    return "the bytes " + first.map(hex).joined(separator: " ")
}

/// The end of the advice to one who began so: that TLS isn't spoken here, to one who speaks it.
func adviceOnTLS(_ input: borrowing ByteBuffer) -> String {
    input.withUnsafeReadableBytes { describeTLS([UInt8]($0.prefix(2))) } == nil ? "" : ", without TLS"
}

/// What of TLS begins so (RFC 8446, section 5.1), in words; nil for other bytes.
private func describeTLS(_ first: [UInt8]) -> String? {
    if first.starts(with: [0x16, 0x03]) { return "a TLS handshake" }
    if first.starts(with: [0x15, 0x03]) { return "a TLS alert" }
    return nil
}

/// Whether a connection begins as HTTP/2 does (RFC 9113, section 3.4), as far as its first ten bytes tell.
func isHTTP2Preface(_ input: borrowing ByteBuffer) -> Bool {
    input.withUnsafeReadableBytes { $0.starts(with: "PRI * HTTP".utf8) }
}

private func hex(_ byte: UInt8) -> String {
    (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
}

extension FrameHeader {
    /// Whether the first frame of a connection is ttrpc's, whose first byte is always 0.
    var isPlainTTRPC: Bool { length < 1 << 24 && (type == .request || type == .response) }
}
