/// A place in the list of users. It stays right when users come and go, since it names the number of the last
/// user seen, and numbers only grow and are never used twice.
public struct UserCursor: Sendable, Hashable {
    let position: Int64

    public static let start = UserCursor(position: 0)
}
