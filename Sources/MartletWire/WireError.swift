package import MartletCore

/// Why a connection can't go on: the peer broke the protocol, or speaks another one.
package struct WireError: Error, Hashable, CustomStringConvertible {
    package enum Stage: Sendable, Hashable {
        /// The peer's first frame wasn't a usable Hello.
        case handshake
        case established
    }

    package let stage: Stage
    package let code: StatusCode
    /// What was seen and, where that is known, what to do; also the text of the GoAway that tells the peer.
    package let message: String

    package var description: String { "\(code.name) (\(code.rawValue)): \(message)" }
}

extension WireError {
    /// A frame that has no place in the protocol.
    static func violation(_ message: String) -> WireError {
        WireError(stage: .established, code: .internalError, message: message)
    }
}
