/// Files under include directories, the first directory that has a file winning.
package struct DirectoryFiles: SchemaFileProvider {
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
            switch FileSystem.read(path) {
            case .missing: continue
            case let result: return result
            }
        }
        return .missing(lookedIn: candidates)
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
