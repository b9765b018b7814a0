import Foundation
import Martlet
import ProcessSupport
import UserAPI

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

func everyone(_ users: UserServiceClient) async throws -> [User] {
    var all: [User] = []
    for try await user in users.listUsers(.init(), options: .timeout(.seconds(5))) { all.append(user) }
    return all
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
