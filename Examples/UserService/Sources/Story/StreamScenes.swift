import Martlet
import UserAPI

/// The scenes in which messages stream.
extension Scenes {
    func imports() async throws {
        title("7. A thousand users come in one call, which streams the requests.")
        let response = try await users.importUsers(options: .timeout(.seconds(20))) { requests in
            for number in 1...1000 {
                let email = number == 500 ? "nowhere" : "user\(number)@example.com"
                try await requests.write(.init(email: email, displayName: "User \(number)"))
            }
        }
        try expect("the count", response.createdCount, toBe: 999)
        try expect("the failures", response.failures.map(\.position), toBe: [499])
        tell("ImportUsers → \(response.createdCount) users created; and one is told of its mistake:")
        tell("  request 499: \(response.failures[0].status?.message ?? "")")

        let bad = try await users.importUsers(options: .timeout(.seconds(20))) { requests in
            while true { try await requests.write(.init(email: "nowhere")) }
        }
        try expect("the count", bad.createdCount, toBe: 0)
        try expect("the number of failures", bad.failures.count, toBe: 100)
        tell(
            "A list without end and with nothing but mistakes: the service answers after \(bad.failures.count) of them."
        )
    }

    func list() async throws {
        title("8. All users, as a stream of responses.")
        let all = try await everyone(users)
        let names = all.map(\.displayName)
        try expect("the number of users", names.count, toBe: 1002)
        try expect(
            "the first", Array(names.prefix(4)), toBe: ["Ada Lovelace", "Grace Hopper", "Edsger Dijkstra", "User 1"])
        try expect("the last", names.last, toBe: "User 1000")
        tell("ListUsers → \(names.count) users: \(names.prefix(4).joined(separator: ", ")), …, \(names.last ?? "")")

        var seen: [String] = []
        for try await user in users.listUsers(.init(), options: .timeout(.seconds(5))) {
            seen.append(user.displayName)
            if seen.count == 2 { break }
        }
        try expect("what was read", seen, toBe: Array(names.prefix(2)))
        tell("Who leaves the loop after \(seen.joined(separator: " and ")) has cancelled the call.")
    }

    func sync() async throws {
        title("9. A copy of the users is brought up to date: both sides stream, side by side.")
        let copy = try await everyone(users)
        let renamed = try await users.updateUser(
            .init(user: User(id: copy[1].id, displayName: "Rear Admiral Hopper")), options: .timeout(.seconds(5)))
        _ = try await users.deleteUser(.init(id: copy[10].id), options: .timeout(.seconds(5)))
        tell("Meanwhile \(copy[1].displayName) becomes \(renamed.displayName), and \(copy[10].displayName) goes.")

        let changes = try await users.syncUsers(options: .timeout(.seconds(20))) { requests, responses in
            async let writing: Void = {
                try await requests.write(contentsOf: copy.map { .init(id: $0.id, updatedAt: $0.updatedAt) })
                requests.finish()
            }()
            var changes: [SyncUsersResponse.Change?] = []
            for try await response in responses { changes.append(response.change) }
            try await writing
            return changes
        }
        try expect("what has changed", changes, toBe: [.updated(renamed), .deletedId(copy[10].id)])
        tell("SyncUsers with \(copy.count) users → \(changes.count) changes: \(renamed.displayName), and one is gone.")
    }
}
