internal import MartletCore
internal import NIOCore

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

extension Channel {
    /// The process at the other end of a Unix-domain socket, as the kernel noted it when it connected.
    var unixCredentials: EventLoopFuture<UnixCredentials?> {
        guard let options = self as? any SocketOptionProvider else { return eventLoop.makeSucceededFuture(nil) }
        #if os(Linux)
            let read: EventLoopFuture<KernelCredentials> = options.unsafeGetSocketOption(
                level: .socket, name: .init(rawValue: SO_PEERCRED))
            return read.map {
                UnixCredentials(processID: $0.processID, userID: $0.userID, groupID: $0.groupID)
            }
        #else
            let processID: EventLoopFuture<pid_t> = options.unsafeGetSocketOption(
                level: .init(rawValue: SOL_LOCAL), name: .init(rawValue: LOCAL_PEERPID))
            let user: EventLoopFuture<xucred> = options.unsafeGetSocketOption(
                level: .init(rawValue: SOL_LOCAL), name: .init(rawValue: LOCAL_PEERCRED))
            return processID.and(user).map { processID, user in
                UnixCredentials(processID: processID, userID: user.cr_uid, groupID: user.cr_groups.0)
            }
        #endif
    }
}

#if os(Linux)
    /// The kernel's `struct ucred`.
    private struct KernelCredentials {
        let processID: Int32
        let userID: UInt32
        let groupID: UInt32
    }
#endif
