/// A place in the list of users. It stays right when users come and go, since it names the number of the last
/// user seen, and numbers only grow and are never used twice.
public struct UserCursor: Sendable, Hashable {
    let position: Int64

    public static let start = UserCursor(position: 0)

    init(position: Int64) {
        self.position = position
    }

    /// Reads a token that ``token`` has made; nil for any other text. The empty token is the start.
    public init?(token: String) {
        guard !token.isEmpty else {
            self = .start
            return
        }
        guard token.hasPrefix("after-"), let position = Int64(token.dropFirst(6), radix: 36), position > 0 else {
            return nil
        }
        self.position = position
    }

    /// To hand to whoever reads the list; not empty.
    public var token: String { "after-" + String(position, radix: 36) }
}
