/// Why a parser stopped, and where.
struct ParseFailure: Error {
    let reason: DecodingError.Reason
    /// The address of the first byte that is wrong.
    let address: UInt?
    /// The fields that lead there, the innermost first.
    var path: [String] = []

    init(_ reason: DecodingError.Reason, at position: UnsafeRawPointer?) {
        self.reason = reason
        address = position.map { UInt(bitPattern: $0) }
    }

    init(_ malformation: DecodingError.Malformation, at position: UnsafeRawPointer) {
        self.init(.malformed(malformation), at: position)
    }

    func within(_ step: String) -> ParseFailure {
        var failure = self
        failure.path.append(step)
        return failure
    }

    /// Within an entry of a map, whose innermost step bears the map's own name.
    func within(_ map: MessageTable.Field, key: String?) -> ParseFailure {
        var failure = self
        if !failure.path.isEmpty { failure.path.removeLast() }
        failure.path.append(key.map { "\(map.name)[\($0)]" } ?? map.name)
        return failure
    }

    /// The error for people. `message` is the outermost one, `start` where its bytes begin.
    func error(in message: String, from start: UnsafeRawPointer?) -> DecodingError {
        DecodingError(
            reason, message: message, field: path.isEmpty ? nil : Self.join(path.reversed()),
            offset: address.map { Int($0 - UInt(bitPattern: start)) })
    }

    /// The middle of a path that nobody would read is left out.
    private static func join(_ steps: [String]) -> String {
        let shown = 8
        if steps.count <= 2 * shown { return steps.joined(separator: ".") }
        return (steps.prefix(shown) + ["…"] + steps.suffix(shown)).joined(separator: ".")
    }
}

extension MessageTable.Field {
    /// The field's step in a path, when it holds `count` elements so far.
    func step(count: Int) -> String {
        switch presence {
        case .repeated, .packed: "\(pathName)[\(count)]"
        case .implicit, .optional, .required, .oneof, .map: pathName
        }
    }

    /// An extension's name is in brackets, as in JSON.
    private var pathName: String { jsonName.hasPrefix("[") ? jsonName : name }
}
