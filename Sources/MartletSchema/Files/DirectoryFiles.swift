#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Files under include directories, the first directory that has a file winning.
package struct DirectoryFiles: SchemaFileProvider {
    /// Far above any real schema; keeps a wrong path from filling memory. In bytes.
    static let sizeLimit = 64 << 20

    private let roots: [String]

    /// - Parameter roots: directories; empty means the current one.
    package init(roots: [String]) {
        self.roots = roots.isEmpty ? ["."] : roots
    }

    /// What `import` calls the file at `path`; nil when it is under none of the directories.
    package func importName(of path: String) -> String? {
        let path = Self.normalized(path)
        for root in roots {
            let root = Self.normalized(root)
            if root == "." {
                if !path.hasPrefix("/"), !path.hasPrefix("../") { return path }
            } else if path.hasPrefix(root == "/" ? root : root + "/") {
                return String(path.dropFirst(root == "/" ? 1 : root.count + 1))
            }
        }
        return nil
    }

    package func read(_ name: String) -> SchemaFileContents {
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains(".."), !name.utf8.contains(0) else {
            return .missing(lookedIn: [])
        }
        let candidates = roots.map { root in
            let root = Self.normalized(root)
            return root == "." ? name : root == "/" ? "/\(name)" : "\(root)/\(name)"
        }
        for path in candidates {
            switch Self.readFile(path) {
            case .missing: continue
            case let result: return result
            }
        }
        return .missing(lookedIn: candidates)
    }

    private static func readFile(_ path: String) -> SchemaFileContents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing(lookedIn: [path]) }
            return .unreadable(shownAs: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .unreadable(shownAs: path, reason: "not a regular file")
        }
        guard status.st_size <= sizeLimit else {
            return .unreadable(shownAs: path, reason: "larger than \(sizeLimit >> 20) MiB")
        }
        var failure: Int32 = 0
        let text = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let result = readSome(descriptor, into: .init(rebasing: buffer[count...]))
                if result < 0 { failure = errno }
                if result <= 0 { return }
                count += result
            }
        }
        if failure != 0 { return .unreadable(shownAs: path, reason: String(cString: strerror(failure))) }
        return .found(text: text, shownAs: path)
    }

    private static func readSome(_ descriptor: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        while true {
            let result = systemRead(descriptor, buffer.baseAddress!, buffer.count)
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// Without `.` parts, doubled slashes and, where they can be resolved by name, `..`.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}

/// `read(2)`, whose name ``DirectoryFiles/read(_:)`` hides inside the type.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
