package import MartletSchema

/// The `.proto` files that some directories had at a commit of the git repository around them.
package struct GitFiles: SchemaFileProvider {
    private let texts: [String: [UInt8]]
    private let reference: String

    /// - Parameters:
    ///   - reference: a branch, a tag or whatever else names a commit.
    ///   - roots: directories as they are now; the first that has a file wins.
    package init(reference: String, roots: [String]) throws(FileSystemError) {
        self.reference = reference
        var texts: [String: [UInt8]] = [:]
        for root in roots { texts.merge(try Self.files(of: reference, below: root)) { first, _ in first } }
        self.texts = texts
    }

    /// The import names of all files, sorted.
    package var names: [String] { texts.keys.sorted() }

    package func read(_ name: String) -> SchemaFileContents {
        texts[name].map { .found(text: $0, shownAs: "\(reference):\(name)") } ?? .missing(lookedIn: [reference])
    }

    // MARK: git

    private static func files(of reference: String, below root: String) throws(FileSystemError) -> [String: [UInt8]] {
        guard !reference.hasPrefix("-") else { throw FileSystemError(description: "\(reference) names no commit") }
        // MODE SP "blob" SP OBJECT TAB PATH NUL, only what is below `root`, by paths from there.
        let list = try git(in: root, ["ls-tree", "-r", "-z", reference], for: reference)
        var objects: [(path: String, id: String)] = []
        for entry in list.split(separator: 0) {
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, parts[1].hasSuffix(".proto") else { continue }
            let facts = parts[0].split(separator: " ")
            // A symbolic link has another mode, and a path for its text.
            guard facts.count == 3, facts[0].hasPrefix("100") else { continue }
            objects.append((String(parts[1]), String(facts[2])))
        }
        guard !objects.isEmpty else { return [:] }
        let ids = objects.map { $0.id + "\n" }.joined()
        let batch = try git(in: root, ["cat-file", "--batch"], input: Array(ids.utf8), for: reference)
        return try texts(in: batch, of: objects.map(\.path), reference)
    }

    /// Takes the answers of `cat-file --batch` apart: OBJECT SP "blob" SP SIZE LF, the content, LF.
    private static func texts(
        in batch: [UInt8], of paths: [String], _ reference: String
    ) throws(FileSystemError) -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        var rest = batch[...]
        for path in paths {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
                let size = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last.flatMap({ Int($0) }
                ),
                size >= 0, size < rest.endIndex - end
            else { throw FileSystemError(description: "\(reference): git can't read \(path)") }
            texts[path] = Array(rest[(end + 1)...].prefix(size))
            rest = rest[(end + 1)...].dropFirst(size + 1)
        }
        return texts
    }

    private static func git(
        in directory: String, _ arguments: [String], input: [UInt8] = [], for reference: String
    ) throws(FileSystemError) -> [UInt8] {
        let git = try Subprocess("git", ["-C", directory] + arguments, input: input)
        guard git.status == 0 else {
            let reason = git.errors.split(separator: "\n").first.map(String.init) ?? "git ended with \(git.status)"
            throw FileSystemError(
                description:
                    "\(reference) is neither a directory, nor a file, nor a commit of the git repository around "
                    + "\(directory) (\(reason))")
        }
        return git.output
    }
}
