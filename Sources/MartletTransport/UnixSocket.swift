internal import NIOCore

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// A Unix-domain stream socket that NIO doesn't have yet: NIO can't bind or connect abstract names, nor set a file's
/// permissions before the first client comes.
struct UnixSocket: ~Copyable {
    private let descriptor: Int32

    init() throws(IOError) {
        #if os(Linux)
            descriptor = socket(
                AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            try check(descriptor, "socket")
        #else
            descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
            try check(descriptor, "socket")
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        #endif
    }

    deinit { close(descriptor) }

    func bind(to address: UnixAddress) throws(IOError) {
        let descriptor = descriptor
        try check(address.withSocketAddress { systemBind(descriptor, $0, $1) }, "bind")
    }

    /// Never waits: a server that doesn't keep up with its clients fails it with EAGAIN.
    func connect(to address: UnixAddress) throws(IOError) {
        let descriptor = descriptor
        try check(address.withSocketAddress { systemConnect(descriptor, $0, $1) }, "connect")
    }

    /// The descriptor, for its new owner to close.
    consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}

/// Throws the system's error for a negative result.
func check(_ result: Int32, _ call: String) throws(IOError) {
    if result < 0 { throw IOError(errnoCode: errno, reason: call) }
}

/// Lets a listening socket have this many clients that it hasn't accepted yet.
func setBacklog(_ backlog: Int32, of descriptor: Int32) throws(IOError) {
    try check(listen(descriptor, backlog), "listen")
}

private func systemBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    bind(descriptor, address, length)
}

private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    connect(descriptor, address, length)
}
