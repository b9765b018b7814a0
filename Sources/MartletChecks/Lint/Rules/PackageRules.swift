internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension LintRule {
    static let packageRules =
        [
            LintRule("PACKAGE_DEFINED", .minimal, "Every file has a package.") { scope in
                scope.files.filter { $0.file.package.isEmpty }.map { file in
                    LintProblem(file: file.file, path: [], message: "the file should have a package")
                }
            },
            LintRule("PACKAGE_DIRECTORY_MATCH", .minimal, "The files of package a.b.v1 are in a/b/v1/.") { scope in
                scope.files.compactMap { file in
                    let expected = file.file.package.split(separator: ".").joined(separator: "/")
                    guard !expected.isEmpty, file.file.directory != expected else { return nil }
                    return file.file.packageProblem(
                        "files of package `\(file.file.package)` should be in `\(expected)`, not "
                            + (file.file.directory.isEmpty ? "at the root" : "in `\(file.file.directory)`"))
                }
            },
            LintRule("DIRECTORY_SAME_PACKAGE", .minimal, "All files of a directory have one package.") { scope in
                scope.files.differing(groupedBy: \.directory, in: { $0.package }) { file, first in
                    file.packageProblem(
                        "the files of a directory should have one package, but \(first.shownAs) has "
                            + "`\(first.package)` and this one `\(file.package)`")
                }
            },
            LintRule("PACKAGE_SAME_DIRECTORY", .minimal, "All files of a package are in one directory.") { scope in
                scope.files.filter { !$0.file.package.isEmpty }.differing(groupedBy: \.package, in: { $0.directory }) {
                    file, first in
                    file.packageProblem(
                        "the files of package `\(file.package)` should be in one directory, but one is \(first.shownAs)"
                    )
                }
            },
            LintRule("PACKAGE_LOWER_SNAKE_CASE", .basic, "Packages are named like_this.v1.") { scope in
                scope.files.compactMap { file in
                    let parts = file.file.package.split(separator: ".").map(String.init)
                    guard !parts.allSatisfy(WordCase.lowerSnake.allows) else { return nil }
                    let right = parts.map(WordCase.lowerSnake.spelling).joined(separator: ".")
                    return file.file.packageProblem("package `\(file.file.package)` should be `\(right)`")
                }
            },
            LintRule("PACKAGE_VERSION_SUFFIX", .standard, "Packages end in a version such as v1 or v1beta1.") { scope in
                scope.files.compactMap { file in
                    guard !file.file.package.isEmpty, PackageVersion(of: file.file.package) == nil else { return nil }
                    return file.file.packageProblem(
                        "package `\(file.file.package)` should end in a version, such as `\(file.file.package).v1`")
                }
            },
        ] + sameOptionRules

    /// Options that a whole package has to agree on, by the rule's suffix: what each says, and its number in FileOptions.
    private static let packageOptions: [(String, Int32, @Sendable (GoogleProtobuf.FileOptions) -> String?)] = [
        ("CSHARP_NAMESPACE", 37, { $0.csharpNamespace }),
        ("GO_PACKAGE", 11, { $0.goPackage }),
        ("JAVA_MULTIPLE_FILES", 10, { $0.javaMultipleFiles.map { "\($0)" } }),
        ("JAVA_PACKAGE", 1, { $0.javaPackage }),
        ("PHP_NAMESPACE", 41, { $0.phpNamespace }),
        ("RUBY_PACKAGE", 45, { $0.rubyPackage }),
        ("SWIFT_PREFIX", 39, { $0.swiftPrefix }),
    ]

    private static let sameOptionRules = packageOptions.map { suffix, number, value in
        let option = suffix.lowercased()
        return LintRule("PACKAGE_SAME_\(suffix)", .basic, "All files of a package have the same \(option).") { scope in
            let read: @Sendable (SchemaFile) -> String? = { $0.descriptor.options.flatMap(value) }
            return scope.files.filter { !$0.file.package.isEmpty }.differing(groupedBy: \.package, in: read) {
                file, first in
                func shown(_ file: SchemaFile) -> String { read(file).map { "`\($0)`" } ?? "none" }
                return LintProblem(
                    file: file, path: [PathNumber.File.options, number],
                    message: "the files of package `\(file.package)` should have one `\(option)`, but \(first.shownAs) "
                        + "has \(shown(first)) and this one \(shown(file))")
            }
        }
    }
}

extension SchemaFile {
    var package: String { descriptor.package ?? "" }

    /// Of its import name; empty at the root.
    fileprivate var directory: String { name.split(separator: "/").dropLast().joined(separator: "/") }

    fileprivate func packageProblem(_ message: String) -> LintProblem {
        LintProblem(file: self, path: [PathNumber.File.package], message: message)
    }
}

extension [FileElements] {
    /// The problem of each file whose value is not that of the first one in its group.
    fileprivate func differing<Value: Equatable>(
        groupedBy group: (SchemaFile) -> String, in value: (SchemaFile) -> Value,
        problem: (_ file: SchemaFile, _ first: SchemaFile) -> LintProblem
    ) -> [LintProblem] {
        let groups = Dictionary(grouping: map(\.file).sorted { $0.name < $1.name }, by: group)
        return groups.values.flatMap { files in
            files.filter { value($0) != value(files[0]) }.map { problem($0, files[0]) }
        }
    }
}

/// The last part of a package's name: `v1`, `v1beta2`, `v1p1alpha1`, `v1test` and such.
struct PackageVersion {
    let isStable: Bool

    /// nil where there is none.
    init?(of package: String) {
        guard let last = package.split(separator: ".").last,
            let match = last.wholeMatch(of: /v[1-9]\d*(?<unstable>test.*|(p[1-9]\d*)?(alpha|beta)([1-9]\d*)?)?/)
        else { return nil }
        isStable = match.output.unstable == nil
    }
}
