internal import MartletTesting
internal import UserAPI

extension UserServiceDouble {
    /// A double that creates whoever it is asked for, with the id `u-1`.
    public static var creating: UserServiceDouble {
        let users = UserServiceDouble()
        users.createUser.answer { request, _ in
            User(id: "u-1", email: request.email, displayName: request.displayName)
        }
        return users
    }
}
