private import Foundation

/// Users in memory, for tests and for trying things out.
public actor InMemoryUserRepository: UserRepository {
    private var records: [(position: Int64, user: UserRecord)] = []
    private var lastPosition: Int64 = 0

    public init() {}

    public func create(_ user: NewUser) throws -> UserRecord {
        let record = UserRecord(id: UUID().uuidString.lowercased(), creating: user, at: .now)
        try refuseTakenEmail(record)
        lastPosition += 1
        records.append((lastPosition, record))
        return record
    }

    public func user(id: String) throws -> UserRecord {
        records[try index(of: id)].user
    }

    public func update(id: String, _ changes: UserChanges) throws -> UserRecord {
        let index = try index(of: id)
        var record = records[index].user
        record.apply(changes, at: .now)
        try refuseTakenEmail(record)
        records[index].user = record
        return record
    }

    public func delete(id: String) throws {
        records.remove(at: try index(of: id))
    }

    public func page(after cursor: UserCursor, limit: Int) -> UserPage {
        let rest = records.drop { $0.position <= cursor.position }
        let shown = rest.prefix(limit)
        return UserPage(
            users: shown.map(\.user),
            next: rest.count > limit ? shown.last.map { UserCursor(position: $0.position) } : nil)
    }

    private func index(of id: String) throws -> Int {
        guard let index = records.firstIndex(where: { $0.user.id == id }) else { throw NoSuchUser(id: id) }
        return index
    }

    private func refuseTakenEmail(_ record: UserRecord) throws {
        if records.contains(where: { $0.user.id != record.id && $0.user.emailKey == record.emailKey }) {
            throw EmailTaken(email: record.email)
        }
    }
}
