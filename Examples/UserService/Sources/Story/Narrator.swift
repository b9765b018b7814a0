import Foundation
import Martlet
import UserAPI

/// Something is not as the story has it.
struct Surprise: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    guard condition else { throw Surprise(what()) }
}

func expect<Value: Equatable>(_ what: String, _ value: Value, toBe expected: Value) throws {
    guard value == expected else { throw Surprise("\(what) should be \(expected) and is \(value)") }
}

/// The error with which `call` fails, and has to.
func failure<Response>(_ code: StatusCode, _ call: () async throws -> Response) async throws -> RPCError {
    do {
        let response = try await call()
        throw Surprise("the call should fail with \(code.name) and returned \(response)")
    } catch let error as RPCError {
        try expect("the outcome (\(error))", error.code.name, toBe: code.name)
        return error
    }
}

func title(_ text: String) { print("\n\(text)") }

func tell(_ text: String) { print("   \(text)") }

func fetchAll(_ users: UserServiceClient, pageSize: Int32) async throws -> [[User]] {
    var pages: [[User]] = []
    var request = ListUsersRequest(pageSize: pageSize)
    repeat {
        let response = try await users.listUsers(request, options: .timeout(.seconds(5)))
        pages.append(response.users)
        request.pageToken = response.nextPageToken
    } while !request.pageToken.isEmpty
    return pages
}

extension Optional {
    func orSurprise(_ what: @autoclosure () -> String) throws -> Wrapped {
        guard let self else { throw Surprise(what()) }
        return self
    }
}

extension Duration {
    var inMilliseconds: String { "\(Int((self / .milliseconds(1)).rounded())) ms" }
}
