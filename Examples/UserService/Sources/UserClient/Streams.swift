import ArgumentParser
import Foundation
import Martlet
import UserAPI

struct List: UserCommand {
    static let configuration = CommandConfiguration(abstract: "Show all users.")
    @OptionGroup var call: CallFlags
    @Flag(help: "Print the users as JSON, one a line, as sync reads them.") var json = false

    func run(_ users: UserServiceClient) async throws {
        for try await user in users.listUsers(.init(), options: call.options) {
            if json { print(try user.jsonString()) } else { show(user) }
        }
    }
}

struct Import: UserCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the users on the standard input: a line each, the e-mail address before the display name.")
    @OptionGroup var call: CallFlags

    func run(_ users: UserServiceClient) async throws {
        let response = try await users.importUsers(options: call.options) { requests in
            while let line = readLine() {
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                try await requests.write(.init(email: words.first ?? "", displayName: words.dropFirst().first ?? ""))
            }
        }
        for failure in response.failures {
            print("line \(failure.position + 1): \(failure.status?.message ?? "")")
        }
        print("\(response.createdCount) users created")
    }
}

struct Sync: UserCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what has changed since \"list --json\" wrote a file.")
    @OptionGroup var call: CallFlags
    @Argument(help: "The file.", completion: .file()) var file: String

    func run(_ users: UserServiceClient) async throws {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let known = try lines.map { line in
            let user = try User(jsonString: String(line))
            return SyncUsersRequest(id: user.id, updatedAt: user.updatedAt)
        }
        try await users.syncUsers(options: call.options) { requests, responses in
            // Side by side: the service answers while it reads.
            async let writing: Void = {
                try await requests.write(contentsOf: known)
                requests.finish()
            }()
            for try await response in responses {
                switch response.change {
                case .updated(let user): show(user)
                case .deletedId(let id): print("\(id)  is gone")
                case nil: break
                }
            }
            try await writing
        }
    }
}
