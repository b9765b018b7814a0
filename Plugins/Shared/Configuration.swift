import Foundation

/// What a `martlet.json` in the target's directory may say.
struct Configuration {
    /// `public`, `package` or `internal`.
    var access: String?
    /// More directories that imports are looked up in; in the file, relative to the target's directory.
    var protoPaths: [URL] = []
    /// Import names of files under `protoPaths` to generate too.
    var files: [String] = []
    /// The Swift module of imported files, by the start of their import path. Targets that this one depends on need no
    /// entry.
    var modules: [String: String] = [:]
    /// The enums that types are put in, by the start of their files' import path: a name, `package` for one per package,
    /// or `none`.
    var namespaces: [String: String] = [:]
    /// Every message gets a view.
    var views = false
    /// Handlers are synchronous, except where a method says otherwise.
    var synchronous = false
    /// Something to stand in for each service in tests; for the files of targets that this one depends on, that alone.
    var testDoubles = false
    /// The module that generated code imports for its runtime: `Martlet`, or `MartletMessages` where the target needs
    /// neither servers nor clients.
    var runtimeModule: String?
    /// Where the generated files are kept in the source tree, for targets that commit them; in the file, relative to the
    /// target's directory. nil for targets that generate when they are built.
    var output: URL?
    /// The file itself, if there is one.
    var location: [URL] = []

    init(in directory: URL) throws {
        let location = directory.appending(path: "martlet.json")
        guard FileManager.default.fileExists(atPath: location.path) else { return }
        do {
            let content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: location))
            access = content.access
            protoPaths = (content.protoPaths ?? []).map { URL(filePath: $0, relativeTo: directory).standardizedFileURL }
            files = content.files ?? []
            modules = content.modules ?? [:]
            namespaces = content.namespaces ?? [:]
            views = content.views ?? false
            synchronous = content.synchronous ?? false
            testDoubles = content.testDoubles ?? false
            runtimeModule = content.runtimeModule
            output = content.output.map { URL(filePath: $0, relativeTo: directory).standardizedFileURL }
            self.location = [location]
        } catch {
            throw PluginError("\(location.path) can't be read: \(error)")
        }
    }

    private struct Content: Decodable {
        var access: String?
        var protoPaths: [String]?
        var files: [String]?
        var modules: [String: String]?
        var namespaces: [String: String]?
        var views: Bool?
        var synchronous: Bool?
        var testDoubles: Bool?
        var runtimeModule: String?
        var output: String?
    }
}

struct PluginError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
