internal import MartletCore

/// Why a request can't be taken: the status that it is answered with, before the connection closes.
struct HTTP1Problem: Error, Equatable {
    let status: Int
    /// For the client's developers.
    let text: String

    init(_ status: Int, _ text: String) {
        self.status = status
        self.text = text
    }

    /// What no client should send.
    init(_ text: String) { self.init(400, text) }

    /// For the server's log.
    var wireError: WireError {
        let code: StatusCode =
            switch status {
            case 408: .deadlineExceeded
            case 413, 431: .resourceExhausted
            case 503: .unavailable
            default: .invalidArgument
            }
        return WireError(stage: .established, code: code, message: "an HTTP/1.1 request was refused: \(text)")
    }
}

/// The numbers of HTTP/1.1 that the limits of a wire don't set.
enum HTTP1 {
    /// Fields of a request's head, and of the trailers of a body.
    static let maxFields = 100

    /// Bytes of a body that are taken from the input at once, and after each of which the client has the time of a frame
    /// for the next.
    static let bodyPartBytes = 64 << 10

    /// What a head, whose size isn't known before its end, is asked for at once.
    static let headPartBytes = 4 << 10

    /// Of a line that begins a chunk, with its extensions.
    static let maxChunkLineBytes = 256
}
