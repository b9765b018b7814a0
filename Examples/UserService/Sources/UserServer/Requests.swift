import Foundation
import Martlet
import UserAPI
import UserDomain

/// From requests to what the repository understands, with every violation found on the way, and back.

func requireValid(_ check: (inout UserValidator) -> Void) throws(InvalidRequest) {
    var validator = UserValidator()
    check(&validator)
    guard validator.violations.isEmpty else { throw InvalidRequest(violations: validator.violations) }
}

extension NewUser {
    init(_ request: CreateUserRequest) throws(InvalidRequest) {
        try requireValid {
            $0.check(email: request.email, field: "email")
            $0.check(displayName: request.displayName, field: "display_name")
        }
        self.init(email: request.email, displayName: request.displayName)
    }

    init(_ request: ImportUsersRequest) throws(InvalidRequest) {
        try self.init(CreateUserRequest(email: request.email, displayName: request.displayName))
    }
}

extension UserChanges {
    static func reading(_ request: UpdateUserRequest) throws(InvalidRequest) -> (id: String, UserChanges) {
        let user = request.user ?? User()
        var paths = request.updateMask?.paths ?? []
        if paths.isEmpty {
            if !user.email.isEmpty { paths.append("email") }
            if !user.displayName.isEmpty { paths.append("display_name") }
        }
        var changes = UserChanges()
        try requireValid {
            $0.check(id: user.id, field: "user.id")
            for path in paths {
                switch path {
                case "email":
                    $0.check(email: user.email, field: "user.email")
                    changes.email = user.email
                case "display_name":
                    $0.check(displayName: user.displayName, field: "user.display_name")
                    changes.displayName = user.displayName
                default:
                    $0.add("update_mask", "names \"\(path)\"; only email and display_name can change")
                }
            }
        }
        return (user.id, changes)
    }
}

extension User {
    init(_ record: UserRecord) {
        self.init(
            id: record.id, email: record.email, displayName: record.displayName,
            createdAt: .init(record.createdAt), updatedAt: .init(record.updatedAt))
    }
}

extension GoogleProtobuf.Timestamp {
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        let milliseconds = ((date.timeIntervalSince1970 - seconds) * 1000).rounded()
        self.init(seconds: Int64(seconds), nanos: Int32(milliseconds) * 1_000_000)
    }
}
