extension User {
    /// What clients ask for: with its field's header, 13 bytes.
    public static let sampleID = "user-000042"

    /// What the peers' servers answer too: 109 bytes, if the id is ``sampleID``.
    public static func sample(_ id: String) -> User {
        User(
            id: id, email: "someone.42@engineering.example.com", displayName: "Some One Forty-Two",
            createdAtUnix: 1_700_000_042, roles: ["administrator", "member", "auditor"], active: true)
    }
}
