internal import Martlet

/// What a server did otherwise than its description says.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func expect(_ isSo: Bool, _ otherwise: @autoclosure () -> String) throws(Unexpected) {
    guard isSo else { throw Unexpected(otherwise()) }
}

func expect<Value: Equatable>(_ what: String, _ value: Value, is expected: Value) throws(Unexpected) {
    try expect(value == expected, "\(what) is \(value), not \(expected)")
}

/// Expects so many zeros.
func expect(_ payload: Payload?, zeros count: Int) throws(Unexpected) {
    guard let payload else { throw Unexpected("the response has no payload") }
    try expect("the payload's type", payload.type, is: .compressable)
    try expect("the payload's size", payload.body.count, is: count)
    try expect(payload.isAllZeros, "the payload of \(count) bytes isn't all zeros")
}

/// Expects that a call fails with a code, and with a message where one is given.
nonisolated(nonsending) func expect(
    _ code: StatusCode, message: String? = nil, of what: String,
    _ call: nonisolated(nonsending) () async throws -> Void
) async throws {
    do { try await call() } catch let error as RPCError {
        guard error.code == code else { throw Unexpected("\(what) ended with \(error), not with \(code.name)") }
        if let message {
            try expect("the message of \(what)", error.message.debugDescription, is: message.debugDescription)
        }
        return
    }
    throw Unexpected("\(what) succeeded instead of ending with \(code.name)")
}
