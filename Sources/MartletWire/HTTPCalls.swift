package import MartletCore

/// Makes an HTTP response of what became of a call, whatever the version of HTTP.
package protocol HTTPCallAnswer: AnyObject {
    func response(
        to outcome: Result<[UInt8], RPCError>, initialMetadata: Metadata, trailingMetadata: Metadata
    ) -> HTTPResponse
}

/// The calls of a connection that came as plain HTTP requests: to handlers they are like any other, and their outcome
/// leaves as an HTTP response.
struct HTTPCalls {
    private struct Call {
        let answer: any HTTPCallAnswer
        var initialMetadata = Metadata()
    }

    private var calls: [UInt32: Call] = [:]

    /// Whether the stream's call is one of these.
    func contains(_ stream: UInt32) -> Bool { !calls.isEmpty && calls[stream] != nil }

    mutating func begin(stream: UInt32, _ answer: any HTTPCallAnswer) { calls[stream] = Call(answer: answer) }

    /// Keeps what is to be sent with the response. Does nothing for other streams.
    mutating func keep(initialMetadata: borrowing Metadata, stream: UInt32) {
        calls[stream]?.initialMetadata = copy initialMetadata
    }

    /// The response; nil: the stream's call is none of these.
    mutating func end(
        stream: UInt32, _ outcome: Result<[UInt8], RPCError>, trailers: borrowing Metadata
    ) -> HTTPResponse? {
        guard let call = calls.removeValue(forKey: stream) else { return nil }
        return call.answer.response(
            to: outcome, initialMetadata: call.initialMetadata, trailingMetadata: copy trailers)
    }

    /// Forgets all of them: the connection is gone.
    mutating func removeAll() { calls = [:] }
}
