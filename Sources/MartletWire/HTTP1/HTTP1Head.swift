internal import MartletCore
internal import NIOCore

/// A request without its body (RFC 9112, sections 3 and 5), read strictly.
struct HTTP1Head {
    let method: String
    let path: String
    let query: String?
    let fields: HTTPFields
    /// Whether the client speaks HTTP/1.0.
    let isOld: Bool

    /// - Parameter lines: At least one.
    init(_ bytes: UnsafeRawBufferPointer, lines: [Range<Int>]) throws(HTTP1Problem) {
        let parts = bytes[lines[0]].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw HTTP1Problem("the request line isn't a method, a target and a version, with one space between them")
        }
        guard isToken(parts[0]) else { throw HTTP1Problem("the method is not a token") }
        method = text(parts[0])
        isOld = try Self.isOld(version: parts[2])
        var fields = HTTPFields()
        for line in lines.dropFirst() { try Self.read(bytes[line], into: &fields) }
        self.fields = fields
        let host = try Self.host(fields, isOld: isOld)
        let target = try Self.originForm(parts[1], method: method, host: host)
        let question = target.firstIndex(of: UInt8(ascii: "?"))
        path = text(target[..<(question ?? target.endIndex)])
        query = question.map { text(target[target.index(after: $0)...]) }
    }

    private static func isOld(version: Slice<UnsafeRawBufferPointer>) throws(HTTP1Problem) -> Bool {
        let major = Array("HTTP/".utf8)
        guard version.count == 8, version.starts(with: major), version.dropFirst(6).first == UInt8(ascii: "."),
            let last = version.last, isDigit(last), isDigit(version[version.startIndex + 5])
        else { throw HTTP1Problem("the request line doesn't end with a version, such as HTTP/1.1") }
        guard version[version.startIndex + 5] == UInt8(ascii: "1") else {
            throw HTTP1Problem(505, "\(text(version)) was announced where HTTP/1.1 is spoken")
        }
        return last == UInt8(ascii: "0")
    }

    /// Adds a line's field.
    static func read(_ line: Slice<UnsafeRawBufferPointer>, into fields: inout HTTPFields) throws(HTTP1Problem) {
        if let first = line.first, isBlank(first) {
            throw HTTP1Problem("a header goes on in a line of its own, which is obsolete")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw HTTP1Problem("a header without a colon") }
        let name = line[..<colon]
        if let last = name.last, isBlank(last) { throw HTTP1Problem("white space in front of a header's colon") }
        guard isToken(name) else { throw HTTP1Problem("the name of a header is not a token") }
        var value = line[line.index(after: colon)...]
        while let first = value.first, isBlank(first) { value = value.dropFirst() }
        while let last = value.last, isBlank(last) { value = value.dropLast() }
        fields.append(text(value), for: text(name))
    }

    /// The only Host; nil where HTTP/1.0 lets it out.
    private static func host(_ fields: HTTPFields, isOld: Bool) throws(HTTP1Problem) -> String? {
        let hosts = fields.values(for: "host")
        guard hosts.count <= 1 else { throw HTTP1Problem("more than one Host") }
        guard let host = hosts.first else {
            if isOld { return nil }
            throw HTTP1Problem("no Host, which HTTP/1.1 requires")
        }
        guard host.utf8.allSatisfy(isHostByte) else { throw HTTP1Problem("the Host is not a name and a port") }
        return host
    }

    /// The target from its path on.
    private static func originForm(
        _ target: Slice<UnsafeRawBufferPointer>, method: String, host: String?
    ) throws(HTTP1Problem) -> Slice<UnsafeRawBufferPointer> {
        guard target.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw HTTP1Problem("the target of the request has bytes that must be percent-encoded")
        }
        if target.first == UInt8(ascii: "/") { return target }
        if target.elementsEqual("*".utf8), method == "OPTIONS" { return target }
        for scheme in ["http://", "https://"] where text(target.prefix(scheme.utf8.count)).lowercased() == scheme {
            let rest = target.dropFirst(scheme.utf8.count)
            let path = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let authority = text(rest[..<path])
            guard !authority.isEmpty, authority.utf8.allSatisfy(isHostByte) else {
                throw HTTP1Problem("the target of the request names no host and port")
            }
            if let host, host.lowercased() != authority.lowercased() {
                throw HTTP1Problem("the target of the request names another host than Host does")
            }
            guard path < rest.endIndex else { throw HTTP1Problem("the target of the request has no path") }
            return rest[path...]
        }
        throw HTTP1Problem("the target of the request is not a path")
    }
}

private func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

/// RFC 9110, section 5.6.2.
private func isToken(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty
        && bytes.allSatisfy { byte in
            isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
}

/// Of a registered name, an address or a port (RFC 3986, section 3.2), but for user information.
private func isHostByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "-._~:[]%!$&'()*+;=".utf8.contains(byte)
}
