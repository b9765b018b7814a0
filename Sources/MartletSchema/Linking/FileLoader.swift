internal import MartletDescriptors
internal import MartletMessages

/// A file that was found and read.
struct LoadedFile {
    let parsed: ParsedFile
    /// Per import, the index of its file; nil where it wasn't found or closes a cycle.
    var imports: [Int?]
    /// False when this file, or one it imports, could not be read whole: only its unknown types are reported then.
    var isSound: Bool
    /// The names of the types that this file and its imports might declare where they could not be read; nil where nobody
    /// knows, since an import is missing.
    var unreadTypes: Set<String>? = []
    /// The files whose names may be used here: this one, its imports, and what those import publicly.
    var visible: Set<Int> = []
    /// The file and all that it imports publicly, directly or not.
    var exported: Set<Int> = []

    var name: String { parsed.name }
}

/// Finds and parses files with all that they import; each comes after its imports.
struct FileLoader {
    private(set) var files: [LoadedFile] = []
    private(set) var diagnostics: [SchemaDiagnostic] = []

    private let providers: [any SchemaFileProvider]
    private var indexes: [String: Int] = [:]
    private var failed: Set<String> = []

    /// A file whose imports are being loaded.
    private struct Pending {
        let parsed: ParsedFile
        var problems: Problems
        var imports: [Int?] = []
        /// The names of the imports so far.
        var seen: Set<String> = []

        mutating func add(_ index: Int?, named name: String) {
            imports.append(index)
            seen.insert(name)
        }
    }

    init(providers: [any SchemaFileProvider]) {
        self.providers = providers
    }

    mutating func load(root name: String) {
        guard indexes[name] == nil, !failed.contains(name) else { return }
        var stack: [Pending] = []
        do throws(SchemaDiagnostic) {
            stack.append(try parse(name, importedAt: nil))
        } catch {
            diagnostics.append(error)
            return
        }
        while let top = stack.indices.last {
            let dependencies = stack[top].parsed.descriptor.dependency
            let next = stack[top].imports.count
            guard next < dependencies.count else {
                finish(stack.removeLast())
                continue
            }
            let dependency = dependencies[next]
            if stack[top].problems.isFull {
                stack[top].add(nil, named: dependency)
            } else if stack[top].seen.contains(dependency) {
                stack[top].problems.error(
                    at: stack[top].parsed.position(ofImport: next), "`\(dependency)` is imported twice; remove one")
                stack[top].add(indexes[dependency], named: dependency)
            } else if let index = indexes[dependency] {
                stack[top].add(index, named: dependency)
            } else if let start = stack.firstIndex(where: { $0.parsed.name == dependency }) {
                let cycle = stack[start...].map(\.parsed.name) + [dependency]
                stack[top].problems.error(
                    at: stack[top].parsed.position(ofImport: next),
                    "files import each other in a circle: \(cycle.joined(separator: " → "))")
                stack[top].add(nil, named: dependency)
            } else {
                do throws(SchemaDiagnostic) {
                    stack.append(try parse(dependency, importedAt: (stack[top].parsed, next)))
                } catch {
                    stack[top].problems.add(error)
                    stack[top].add(nil, named: dependency)
                }
            }
        }
    }

    private mutating func finish(_ pending: Pending) {
        let index = files.count
        indexes[pending.parsed.name] = index
        diagnostics += pending.problems.diagnostics
        var file = LoadedFile(parsed: pending.parsed, imports: pending.imports, isSound: !pending.problems.hasErrors)
        file.unreadTypes = pending.parsed.unreadTypes
        file.exported = [index]
        file.visible = [index]
        for (position, dependency) in pending.imports.enumerated() {
            guard let dependency else {
                file.isSound = false
                file.unreadTypes = nil
                continue
            }
            file.isSound = file.isSound && files[dependency].isSound
            if let unread = files[dependency].unreadTypes {
                file.unreadTypes?.formUnion(unread)
            } else {
                file.unreadTypes = nil
            }
            file.visible.formUnion(files[dependency].exported)
            if file.parsed.descriptor.publicDependency.contains(Int32(position)) {
                file.exported.formUnion(files[dependency].exported)
            }
        }
        files.append(file)
    }

    /// Whether there is no other way to write the same path, so that a file has one name.
    private static func isPlain(_ name: String) -> Bool {
        !name.utf8.contains(UInt8(ascii: "\\"))
            && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
            }
    }

    private mutating func parse(
        _ name: String, importedAt importer: (file: ParsedFile, index: Int)?
    ) throws(SchemaDiagnostic) -> Pending {
        if let importer, !Self.isPlain(name) {
            failed.insert(name)
            throw SchemaDiagnostic(
                file: importer.file.shownAs, at: importer.file.position(ofImport: importer.index),
                message: "`\(name)` can't be imported: a path has forward slashes, one at a time, and no `.` or `..`")
        }
        var lookedIn: [String] = []
        for provider in providers {
            switch provider.read(name) {
            case .found(let text, let shownAs):
                var problems = Problems(file: shownAs)
                let parsed = Parser.parse(text, name: name, shownAs: shownAs, problems: &problems)
                return Pending(parsed: parsed, problems: problems)
            case .unreadable(let shownAs, let reason):
                failed.insert(name)
                throw SchemaDiagnostic(
                    file: importer?.file.shownAs ?? shownAs, at: importer.map { $0.file.position(ofImport: $0.index) },
                    message: "can't read `\(shownAs)`: \(reason)")
            case .missing(let places):
                lookedIn += places
            }
        }
        failed.insert(name)
        let places = lookedIn.isEmpty ? "" : " (looked for \(lookedIn.joined(separator: ", ")))"
        let suggestion = hint(Suggestion.closest(to: name, among: WellKnownFiles.names))
        throw SchemaDiagnostic(
            file: importer?.file.shownAs ?? name, at: importer.map { $0.file.position(ofImport: $0.index) },
            message: importer == nil
                ? "no such file\(places)\(suggestion)" : "can't find `\(name)`\(places)\(suggestion)")
    }
}
