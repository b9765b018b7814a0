import Foundation
import PackagePlugin

/// What to run for one target: the tool's arguments without `--out`.
struct Generation {
    let target: ProtoTarget
    let arguments: [String]
    /// Everything whose change asks for another run.
    let inputs: [URL]

    /// nil where there is nothing to generate.
    init?(for target: any Target) throws {
        guard let own = try ProtoTarget(target), !own.names.isEmpty else { return nil }
        let others = try Self.dependencies(of: target)
        let configuration = own.configuration

        var arguments = (own.roots + others.flatMap(\.roots)).flatMap { ["--proto-path", $0.path] }
        arguments += configuration.access.map { ["--access", $0] } ?? []
        arguments += configuration.runtimeModule.map { ["--runtime-module", $0] } ?? []
        arguments += (configuration.views ? ["--views"] : []) + (configuration.synchronous ? ["--synchronous"] : [])
        arguments += configuration.testDoubles ? ["--test-doubles"] : []
        for (option, values) in [
            ("--module", Self.modules(of: own, others)), ("--namespace", Self.namespaces(of: own, others)),
        ] {
            arguments += values.sorted { $0.key < $1.key }.flatMap { [option, "\($0.key)=\($0.value)"] }
        }

        self.target = own
        self.arguments = arguments + own.names
        inputs = own.inputs + others.flatMap(\.inputs)
    }

    /// The names of the files that the tool writes.
    var outputNames: [String] {
        target.names.map { $0.dropLast(".proto".count).replacing("/", with: ".") + ".martlet.swift" }
    }

    /// The targets with generated code that this one depends on, of this package and of others: the direct ones first,
    /// each once. Internal types are of no use to others, so such targets are left out.
    private static func dependencies(of target: any Target) throws -> [ProtoTarget] {
        var seen: Set<Target.ID> = []
        var level = [target]
        var result: [ProtoTarget] = []
        while !level.isEmpty {
            level = level.flatMap(\.dependencies).flatMap(\.targets).filter { seen.insert($0.id).inserted }
            result += try level.compactMap(ProtoTarget.init).filter {
                !$0.names.isEmpty && $0.configuration.access != "internal"
            }
        }
        return result
    }

    /// The modules of imported files, by the start of their import path: what the settings say, and file by file what
    /// other targets have, so that any layout of folders will do.
    private static func modules(of own: ProtoTarget, _ others: [ProtoTarget]) -> [String: String] {
        var modules = own.configuration.modules
        // Doubles are made for the types of others.
        let settled = own.configuration.testDoubles ? [] : Set(own.names)
        for other in others {
            for name in other.names where !settled.contains(name) && !modules.keys.contains(where: name.hasPrefix) {
                modules[name] = other.module
            }
        }
        for other in others {
            modules.merge(other.configuration.modules.filter { $0.value != own.module }) { mine, _ in mine }
        }
        return modules
    }

    /// The namespaces of files, by the start of their import path: those of other targets as their settings say.
    private static func namespaces(of own: ProtoTarget, _ others: [ProtoTarget]) -> [String: String] {
        var namespaces = own.configuration.namespaces
        guard !namespaces.isEmpty || others.contains(where: { !$0.configuration.namespaces.isEmpty }) else {
            return [:]
        }
        let settled = own.configuration.testDoubles ? [] : Set(own.names)
        for other in others {
            for name in other.names where !settled.contains(name) && namespaces[name] == nil {
                let matching = other.configuration.namespaces.filter { name.hasPrefix($0.key) }
                namespaces[name] = matching.max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? "none"
            }
        }
        return namespaces
    }
}

extension TargetDependency {
    fileprivate var targets: [any Target] {
        switch self {
        case .target(let target): [target]
        case .product(let product): product.targets
        @unknown default: []
        }
    }
}
