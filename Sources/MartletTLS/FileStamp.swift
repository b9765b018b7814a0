#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// By which a changed file is told: it was written to, or another has taken its place.
struct FileStamp: Hashable {
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Of a file that can't be seen: all zero.
    init(_ path: String) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        inode = isThere ? UInt64(status.st_ino) : 0
        size = isThere ? Int64(status.st_size) : 0
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        seconds = isThere ? modified.tv_sec : 0
        nanoseconds = isThere ? modified.tv_nsec : 0
    }
}
