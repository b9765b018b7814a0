import Foundation
import PackagePlugin

/// Generates Swift for the `.proto` files of a target whenever one of them has changed.
@main
struct MartletGenerator: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let generation = try Generation(for: target) else {
            Diagnostics.warning("target \(target.name) names the plugin MartletGenerator, but has no .proto file")
            return []
        }
        guard generation.target.configuration.output == nil else {
            throw PluginError(
                "target \(target.name) commits its generated code, as \"output\" in its martlet.json says: "
                    + "remove that, or the plugin MartletGenerator from the target")
        }
        let output = context.pluginWorkDirectoryURL
        return [
            // One command for all files: they import one another, and the tool starts once.
            .buildCommand(
                displayName: "Generating Swift from \(generation.outputNames.count) .proto files of \(target.name)",
                executable: try context.tool(named: "martlet-generate").url,
                arguments: ["--out", output.path] + generation.arguments,
                inputFiles: generation.inputs,
                outputFiles: generation.outputNames.map { output.appending(path: $0) })
        ]
    }
}
