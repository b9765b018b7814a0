internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension LintRule {
    static let importRules = [
        LintRule("IMPORT_NO_PUBLIC", .basic, "No import is public.") { scope in
            scope.files.flatMap { file in
                file.file.descriptor.publicDependency.map { file.problem(withImport: $0, "should not be public") }
            }
        },
        LintRule("IMPORT_NO_WEAK", .basic, "No import is weak.") { scope in
            scope.files.flatMap { file in
                file.file.descriptor.weakDependency.map { file.problem(withImport: $0, "should not be weak") }
            }
        },
        LintRule("IMPORT_USED", .basic, "Every import is used.") { scope in
            scope.files.flatMap { file in
                file.file.unusedImports.map { file.problem(withImport: Int32($0), "is not used") }
            }
        },
        LintRule(
            "STABLE_PACKAGE_NO_IMPORT_UNSTABLE", .other, "Packages like a.v1 don't import packages like a.v1beta1."
        ) { scope in
            scope.files.flatMap { file -> [LintProblem] in
                guard PackageVersion(of: file.file.package)?.isStable == true else { return [] }
                return file.imports(of: scope.schema).compactMap { index, imported in
                    PackageVersion(of: imported.package)?.isStable == false
                        ? file.problem(
                            withImport: index,
                            "belongs to package `\(imported.package)`, which is less stable than `\(file.file.package)`"
                        )
                        : nil
                }
            }
        },
        LintRule("PACKAGE_NO_IMPORT_CYCLE", .minimal, "Packages don't import each other in a circle.") { scope in
            let graph = PackageGraph(scope.schema)
            return scope.files.flatMap { file in
                file.imports(of: scope.schema).compactMap { index, imported in
                    guard let way = graph.way(from: imported.package, to: file.file.package) else { return nil }
                    let circle = ([file.file.package] + way).joined(separator: " → ")
                    return file.problem(withImport: index, "closes a circle of packages: \(circle)")
                }
            }
        },
    ]
}

extension FileElements {
    fileprivate func problem(withImport index: Int32, _ problem: String) -> LintProblem {
        LintProblem(
            file: file, path: [PathNumber.File.dependency, index],
            message: "import `\(file.descriptor.dependency[Int(index)])` \(problem)")
    }

    fileprivate func imports(of schema: Schema) -> [(index: Int32, file: SchemaFile)] {
        file.descriptor.dependency.enumerated().compactMap { index, name in
            schema.file(name).map { (Int32(index), $0) }
        }
    }
}

/// Which packages import which.
private struct PackageGraph {
    private var imports: [String: Set<String>] = [:]

    init(_ schema: Schema) {
        for file in schema.files {
            for imported in file.descriptor.dependency.compactMap({ schema.file($0) })
            where imported.package != file.package {
                imports[file.package, default: []].insert(imported.package)
            }
        }
    }

    /// The packages on the shortest way by imports, both ends included; nil where there is none, or the ends are one.
    func way(from start: String, to end: String) -> [String]? {
        guard start != end else { return nil }
        var before: [String: String] = [start: start]
        var level = [start]
        while !level.isEmpty {
            var next: [String] = []
            for package in level {
                for imported in (imports[package] ?? []).sorted() where before[imported] == nil {
                    before[imported] = package
                    next.append(imported)
                }
            }
            if before[end] != nil {
                var way = [end]
                while way[0] != start { way.insert(before[way[0]]!, at: 0) }
                return way
            }
            level = next
        }
        return nil
    }
}
