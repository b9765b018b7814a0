/// The TCP ports on which servers listen, and clients look for them, unless told otherwise.
public enum StandardPort {
    public static let userService: UInt16 = 7000
    public static let signupService: UInt16 = 7001
}
