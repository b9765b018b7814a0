import Foundation
import PackagePlugin

/// A target as the generator sees it: its `.proto` files and its settings.
struct ProtoTarget {
    let name: String
    /// The Swift module that the generated code becomes part of.
    let module: String
    let directory: URL
    let configuration: Configuration
    /// Its own `.proto` files.
    let files: [URL]
    /// The import names of everything that is generated into it.
    let names: [String]

    /// nil for targets without Swift, such as binaries and system libraries.
    init?(_ target: any Target) throws {
        guard let module = target.sourceModule else { return nil }
        name = target.name
        self.module = module.moduleName
        directory = target.directoryURL
        configuration = try Configuration(in: directory)
        // A target that commits its generated code excludes the `.proto` files, so that SwiftPM doesn't know them.
        files =
            configuration.output == nil
            ? module.sourceFiles.map(\.url).filter { $0.pathExtension == "proto" } : Self.protoFiles(under: directory)
        let prefix = directory.path.hasSuffix("/") ? directory.path : directory.path + "/"
        names =
            try files.map { file in
                guard file.path.hasPrefix(prefix) else {
                    throw PluginError("\(file.path) is not under \(prefix)")
                }
                return String(file.path.dropFirst(prefix.count))
            } + configuration.files
    }

    /// Where its own files and those named in its settings are imported from.
    var roots: [URL] { [directory] + configuration.protoPaths }

    /// Everything whose change may change what is generated for it or for targets that depend on it.
    var inputs: [URL] {
        files + configuration.protoPaths.flatMap(Self.protoFiles) + configuration.location
    }

    private static func protoFiles(under directory: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "proto" }.sorted {
            $0.path < $1.path
        }
    }
}
