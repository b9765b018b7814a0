#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The few file operations that the command needs. Functions that can fail return the reason, nil for success.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) -> String? {
        if isDirectory(path) { return nil }
        if exists(path) { return "\(path) is not a directory" }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            if let reason = makeDirectory(String(path[..<slash])) { return reason }
        }
        return mkdir(path, 0o777) == 0 || isDirectory(path) ? nil : lastError
    }

    /// Whether the file at `path` consists of `text`.
    static func holds(_ path: String, _ text: String) -> Bool {
        guard let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        var text = text
        return text.withUTF8 { expected in
            // One byte more than expected, to see a longer file.
            let content = [UInt8](unsafeUninitializedCapacity: expected.count + 1) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            return content.elementsEqual(expected)
        }
    }

    static func write(_ text: String, to path: String) -> String? {
        guard let file = fopen(path, "w") else { return lastError }
        var text = text
        let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
        let reason = written == text.utf8.count ? nil : lastError
        return fclose(file) == 0 ? reason : reason ?? lastError
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
