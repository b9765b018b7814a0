#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where a Unix-domain socket is found.
package enum UnixAddress: Sendable, Hashable, CustomStringConvertible {
    case file(path: String)
    /// A name of Linux's abstract namespace: no file, and gone with the last socket that has it.
    case abstract(name: String)

    /// Such as `unix:/run/users.sock` or `unix-abstract:users`.
    package var description: String {
        switch self {
        case .file(let path): "unix:\(path)"
        case .abstract(let name): "unix-abstract:\(name)"
        }
    }

    /// In bytes of UTF-8: 107 on Linux, 103 on macOS, as `sockaddr_un` has room for.
    package static var maximumLength: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }

    /// What is wrong with the path or name, if anything is.
    package var problem: String? {
        switch self {
        case .file(let path):
            if path.isEmpty { return "the path of a socket is missing" }
            if path.utf8.contains(0) { return "a path can't contain a zero byte" }
            if path.utf8.count > Self.maximumLength {
                return
                    "the path has \(path.utf8.count) bytes, and the system takes at most \(Self.maximumLength) for a "
                    + "socket; use a shorter one, such as one relative to the working directory"
            }
        case .abstract(let name):
            #if !os(Linux)
                return "only Linux has abstract names; use a path"
            #endif
            if name.isEmpty { return "the name of a socket is missing" }
            if name.utf8.count > Self.maximumLength {
                return "the name has \(name.utf8.count) bytes, and the system takes at most \(Self.maximumLength)"
            }
        }
        return nil
    }

    /// Gives the body the system's form of the address, which must have no ``problem``.
    func withSocketAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A path ends with a zero byte; an abstract name begins with one and ends with the address.
        let bytes: [UInt8] =
            switch self {
            case .file(let path): Array(path.utf8) + [0]
            case .abstract(let name): [0] + Array(name.utf8)
            }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path)! + bytes.count
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
