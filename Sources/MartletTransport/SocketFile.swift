internal import MartletCore
internal import NIOCore

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// The file of a listening socket, as one server made it.
struct SocketFile: Sendable {
    /// Absolute, so that it is found again from another working directory.
    private let path: String
    private let identity: Identity

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    /// Notes the file that was just made at the path.
    init(path: String) throws(IOError) {
        guard let identity = Self.status(of: path)?.identity, let absolute = realpath(path, nil) else {
            throw IOError(errnoCode: errno, reason: "realpath")
        }
        defer { free(absolute) }
        self.path = String(cString: absolute)
        self.identity = identity
    }

    /// Removes the file, unless another has taken its place.
    func remove() {
        if Self.status(of: path)?.identity == identity { unlink(path) }
    }

    /// Removes what a server left behind that didn't get to do it itself.
    ///
    /// - Throws: UNAVAILABLE if the file is no such thing: a server listens there, or it isn't a socket.
    static func removeStale(path: String) throws(RPCError) {
        func cannotListen(_ why: String) -> RPCError { RPCError(.unavailable, "cannot listen on unix:\(path): \(why)") }
        guard let file = status(of: path) else { return }
        guard file.isSocket else {
            throw cannotListen("there is a file that isn't a socket; remove it, or choose another path")
        }
        do throws(IOError) {
            try UnixSocket().connect(to: .file(path: path))
        } catch {
            switch error.errnoCode {
            case ENOENT:
                return
            case ECONNREFUSED:
                // Another server may have done the same in the meantime.
                if status(of: path)?.identity == file.identity { unlink(path) }
                return
            case EAGAIN:
                break
            default:
                throw cannotListen("there is a socket, and whether a server listens on it can't be told: \(error)")
            }
        }
        throw cannotListen("a server listens there already")
    }

    /// Of the file itself, were it a symbolic link.
    private static func status(of path: String) -> (identity: Identity, isSocket: Bool)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (Identity(device: status.st_dev, inode: status.st_ino), status.st_mode & S_IFMT == S_IFSOCK)
    }
}
