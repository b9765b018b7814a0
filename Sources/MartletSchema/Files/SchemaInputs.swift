/// The `.proto` files that a command line means: files by path or by import name, directories with all below them.
package struct SchemaInputs: Sendable {
    /// Finds the files and what they import.
    package let provider: DirectoryFiles
    /// The import names, in the order of the command line.
    package private(set) var names: [String] = []
    /// What is wrong with the command line, for people.
    package private(set) var errors: [String] = []

    private let searched: String

    /// - Parameters:
    ///   - protoPaths: where imports are looked up; without any, in the directories among `arguments`, or else in the
    ///     current one.
    ///   - arguments: what people wrote.
    package init(protoPaths: [String], arguments: [String]) {
        let roots = protoPaths.isEmpty ? arguments.filter(FileSystem.isDirectory) : protoPaths
        provider = DirectoryFiles(roots: roots)
        searched = roots.isEmpty ? "the current directory" : roots.joined(separator: ", ")
        for directory in protoPaths where !FileSystem.isDirectory(directory) {
            errors.append("--proto-path \(directory): there is no such directory")
        }
        var seen: Set<String> = []
        for argument in arguments {
            let found =
                FileSystem.isDirectory(argument) ? files(below: argument) : importName(of: argument).map { [$0] }
            for name in found ?? [] where seen.insert(name).inserted { names.append(name) }
        }
    }

    private mutating func files(below directory: String) -> [String]? {
        let paths: [String]
        do throws(FileSystemError) {
            paths = try FileSystem.files(below: directory, suffix: ".proto")
        } catch {
            errors.append(error.description)
            return nil
        }
        if paths.isEmpty { errors.append("\(directory): there is no .proto file in this directory or below it") }
        return paths.compactMap { importName(of: $0) }
    }

    private mutating func importName(of file: String) -> String? {
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
