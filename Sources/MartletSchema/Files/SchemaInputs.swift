/// The `.proto` files that a command line means: files by path or by import name, directories with all below them.
package struct SchemaInputs: Sendable {
    /// Finds the files and what they import.
    package let provider: DirectoryFiles
    /// The import names, in the order of the command line.
    package private(set) var names: [String] = []
    /// What is wrong with the command line, for people.
    package private(set) var errors: [String] = []

    /// The directories that imports are looked up in.
    package let roots: [String]

    /// Import names of files and how those in directories start.
    private var asked: [String] = []

    /// - Parameters:
    ///   - protoPaths: where imports are looked up; without any, in the directories among `arguments`, or else in the
    ///     current one.
    ///   - arguments: what people wrote.
    package init(protoPaths: [String], arguments: [String]) {
        let directories = protoPaths.isEmpty ? arguments.filter(FileSystem.isDirectory) : protoPaths
        roots = directories.isEmpty ? ["."] : directories
        provider = DirectoryFiles(roots: roots)
        for directory in protoPaths where !FileSystem.isDirectory(directory) {
            errors.append("--proto-path \(directory): there is no such directory")
        }
        var seen: Set<String> = []
        for argument in arguments {
            let isDirectory = FileSystem.isDirectory(argument)
            let found = isDirectory ? files(below: argument) : importName(of: argument).map { [$0] } ?? []
            for name in found where seen.insert(name).inserted { names.append(name) }
            asked += isDirectory ? [prefix(ofDirectory: argument)] : found
        }
    }

    /// Whether a file would be meant if it were there.
    package func covers(_ name: String) -> Bool {
        asked.contains { $0 == name || $0.isEmpty || ($0.hasSuffix("/") && name.hasPrefix($0)) }
    }

    /// How the import names of its files start.
    private func prefix(ofDirectory directory: String) -> String {
        let name = provider.importName(of: directory) ?? "."
        return name == "." ? "" : name + "/"
    }

    private mutating func files(below directory: String) -> [String] {
        let paths: [String]
        do throws(FileSystemError) {
            paths = try FileSystem.files(below: directory, suffix: ".proto")
        } catch {
            errors.append(error.description)
            return []
        }
        if paths.isEmpty { errors.append("\(directory): there is no .proto file in this directory or below it") }
        return paths.compactMap { importName(of: $0) }
    }

    private mutating func importName(of file: String) -> String? {
        let searched = roots == ["."] ? "the current directory" : roots.joined(separator: ", ")
        if let name = provider.importName(of: file), case .found = provider.read(name) { return name }
        switch provider.read(file) {
        case .found: return file
        case .unreadable(let shownAs, let reason): errors.append("\(shownAs): \(reason)")
        case .missing:
            errors.append(
                FileSystem.exists(file)
                    ? "\(file): not under any --proto-path (\(searched)); add the directory that its imports start from"
                    : "\(file): there is no such file, neither as a path nor under --proto-path (\(searched))")
        }
        return nil
    }
}
