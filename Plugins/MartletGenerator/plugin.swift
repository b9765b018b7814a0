import Foundation
import PackagePlugin

/// Generates Swift for the `.proto` files of a target whenever one of them has changed.
@main
struct MartletGenerator: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target.sourceModule else { return [] }
        let configuration = try Configuration(in: target.directoryURL)
        let own = module.sourceFiles.map(\.url).filter { $0.pathExtension == "proto" }
        let names = try own.map { try importName(of: $0, under: target.directoryURL) } + configuration.files
        guard !names.isEmpty else {
            Diagnostics.warning("target \(target.name) names the plugin MartletGenerator, but has no .proto file")
            return []
        }

        let output = context.pluginWorkDirectoryURL
        let roots = [target.directoryURL] + configuration.protoPaths
        var arguments = roots.flatMap { ["--proto-path", $0.path] } + ["--out", output.path]
        arguments += configuration.access.map { ["--access", $0] } ?? []
        arguments += configuration.runtimeModule.map { ["--runtime-module", $0] } ?? []
        arguments += configuration.modules.sorted { $0.key < $1.key }.flatMap { ["--module", "\($0.key)=\($0.value)"] }
        return [
            // One command for all files: they import one another, and the tool starts once.
            .buildCommand(
                displayName: "Generating Swift from \(names.count) .proto files of \(target.name)",
                executable: try context.tool(named: "martlet-generate").url,
                arguments: arguments + names,
                inputFiles: own + configuration.protoPaths.flatMap(protoFiles) + configuration.location,
                outputFiles: names.map { output.appending(path: outputName(for: $0)) })
        ]
    }

    private func importName(of file: URL, under root: URL) throws -> String {
        let prefix = root.path.hasSuffix("/") ? root.path : root.path + "/"
        guard file.path.hasPrefix(prefix) else { throw PluginError("\(file.path) is not under \(root.path)") }
        return String(file.path.dropFirst(prefix.count))
    }

    /// As martlet-generate names its output.
    private func outputName(for importName: String) -> String {
        importName.dropLast(".proto".count).replacing("/", with: ".") + ".martlet.swift"
    }

    /// Everything that an import may reach, so that a change there generates again.
    private func protoFiles(under directory: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "proto" }
    }
}

struct PluginError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
