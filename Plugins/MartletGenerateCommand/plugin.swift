import Foundation
import PackagePlugin

/// `swift package martlet-generate`: writes generated Swift into the source tree, for targets that commit it.
///
/// These are the ones whose `martlet.json` has an `output`, or only those named with `--target`.
@main
struct MartletGenerateCommand: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        var extractor = ArgumentExtractor(arguments)
        let names = extractor.extractOption(named: "target")
        if let argument = (extractor.unextractedOptionsOrFlags + extractor.remainingArguments).first {
            throw PluginError("\(argument) is no argument; USAGE: swift package martlet-generate [--target NAME]…")
        }
        let targets = names.isEmpty ? context.package.targets : try context.package.targets(named: names)
        let tool = try context.tool(named: "martlet-generate").url
        var isAny = false
        for target in targets {
            guard let generation = try Generation(for: target), let output = generation.target.configuration.output
            else {
                guard names.isEmpty else {
                    throw PluginError(
                        "target \(target.name) has no .proto file, or its martlet.json doesn't say in \"output\" "
                            + "where the generated files are kept")
                }
                continue
            }
            isAny = true
            try run(tool, ["--verbose", "--out", output.path] + generation.arguments)
            try removeOutdated(in: output, except: generation.outputNames)
        }
        if !isAny {
            throw PluginError(
                "no target says where its generated files are kept: put {\"output\": \"Generated\"} into martlet.json "
                    + "in the target's directory")
        }
    }

    private func run(_ tool: URL, _ arguments: [String]) throws {
        let process = try Process.run(tool, arguments: arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PluginError("nothing was generated; see above") }
    }

    /// Generated files whose `.proto` file is gone would still be compiled.
    private func removeOutdated(in directory: URL, except names: [String]) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: directory.path)
        where name.hasSuffix(".martlet.swift") && !names.contains(name) {
            try manager.removeItem(at: directory.appending(path: name))
            print("removed \(directory.appending(path: name).path)")
        }
    }
}
