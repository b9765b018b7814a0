#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The few file operations that the tools need. Functions that only can fail return the reason, nil for success.
package enum FileSystem {
    /// Far above any real schema; keeps a wrong path from filling memory. In bytes.
    static let sizeLimit = 64 << 20

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isDirectory(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    package static func isFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

    private static func kind(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    // MARK: Reading

    /// The content of the file at `path`.
    package static func read(_ path: String) -> SchemaFileContents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing(lookedIn: [path]) }
            return .unreadable(shownAs: path, reason: lastError)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .unreadable(shownAs: path, reason: "not a regular file")
        }
        guard status.st_size <= sizeLimit else {
            return .unreadable(shownAs: path, reason: "larger than \(sizeLimit >> 20) MiB")
        }
        var failure: String?
        let text = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let result = readSome(descriptor, into: .init(rebasing: buffer[count...]))
                if result < 0 { failure = lastError }
                if result <= 0 { return }
                count += result
            }
        }
        if let failure { return .unreadable(shownAs: path, reason: failure) }
        return .found(text: text, shownAs: path)
    }

    /// All that comes from a file descriptor until its end; nil where it can't be read.
    package static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var content: [UInt8] = []
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
        defer { buffer.deallocate() }
        while true {
            let count = readSome(descriptor, into: buffer)
            if count < 0 { return nil }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }

    private static func readSome(_ descriptor: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        while true {
            let result = systemRead(descriptor, buffer.baseAddress!, buffer.count)
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// The paths of the files below a directory whose names end in `suffix`, sorted. Hidden directories and those
    /// behind symbolic links are left out.
    ///
    /// - Throws: what can't be read, with the reason.
    package static func files(below directory: String, suffix: String) throws(FileSystemError) -> [String] {
        guard let stream = opendir(directory) else {
            throw FileSystemError(description: "\(directory): \(lastError)")
        }
        var directories: [String] = []
        var result: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            let path = directory == "." ? name : directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                directories.append(path)
            } else if name.hasSuffix(suffix), isFile(path) {
                result.append(path)
            }
        }
        closedir(stream)
        for directory in directories { result += try files(below: directory, suffix: suffix) }
        return result.sorted()
    }

    // MARK: Writing

    /// Makes a directory and those above it.
    package static func makeDirectory(_ path: String) -> String? {
        if isDirectory(path) { return nil }
        if exists(path) { return "\(path) is not a directory" }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            if let reason = makeDirectory(String(path[..<slash])) { return reason }
        }
        return mkdir(path, 0o777) == 0 || isDirectory(path) ? nil : lastError
    }

    /// Whether the file at `path` consists of `text`.
    package static func holds(_ path: String, _ text: String) -> Bool {
        guard case .found(let content, _) = read(path) else { return false }
        return content == Array(text.utf8)
    }

    package static func write(_ content: some Collection<UInt8>, to path: String) -> String? {
        guard let file = fopen(path, "w") else { return lastError }
        let content = Array(content)
        let written = fwrite(content, 1, content.count, file)
        let reason = written == content.count ? nil : lastError
        return fclose(file) == 0 ? reason : reason ?? lastError
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}

/// What can't be read, and why.
package struct FileSystemError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// `read(2)`, whose name ``FileSystem/read(_:)`` hides inside the type.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
