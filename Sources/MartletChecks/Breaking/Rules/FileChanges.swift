internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension BreakingRule {
    static let fileRules =
        [
            BreakingRule(
                "FILE_SAME_PACKAGE", [.wire, .source],
                "No file moves to another package, which all its names start with."
            ) {
                comparison in
                comparison.changedFiles(at: [PathNumber.File.package]) {
                    $0.package.isEmpty ? "no package" : "package `\($0.package)`"
                }
            }
        ]
        + options.map { suffix, number, value in
            let option = suffix.lowercased()
            return BreakingRule("FILE_SAME_\(suffix)", [.source], "No file gets another \(option).") { comparison in
                comparison.changedFiles(at: [PathNumber.File.options, number]) { file in
                    file.descriptor.options.flatMap(value).map { "\(option) `\($0)`" } ?? "no \(option)"
                }
            }
        }

    /// Options that names in generated code depend on, with their numbers in FileOptions.
    private static let options: [(String, Int32, @Sendable (GoogleProtobuf.FileOptions) -> String?)] = [
        ("CSHARP_NAMESPACE", 37, { $0.csharpNamespace }),
        ("GO_PACKAGE", 11, { $0.goPackage }),
        ("JAVA_MULTIPLE_FILES", 10, { $0.javaMultipleFiles.map { "\($0)" } }),
        ("JAVA_OUTER_CLASSNAME", 8, { $0.javaOuterClassname }),
        ("JAVA_PACKAGE", 1, { $0.javaPackage }),
        ("OBJC_CLASS_PREFIX", 36, { $0.objcClassPrefix }),
        ("PHP_CLASS_PREFIX", 40, { $0.phpClassPrefix }),
        ("PHP_NAMESPACE", 41, { $0.phpNamespace }),
        ("RUBY_PACKAGE", 45, { $0.rubyPackage }),
        ("SWIFT_PREFIX", 39, { $0.swiftPrefix }),
    ]
}

extension Comparison {
    /// Files that are in both versions and say something else in each.
    fileprivate func changedFiles(at path: [Int32], saying value: (SchemaFile) -> String) -> [BreakingChange] {
        files.compactMap { old in
            guard let new = self.new.schema.file(old.name), value(old) != value(new) else { return nil }
            return BreakingChange(in: old, at: path, self, "the file had \(value(old)) and has \(value(new)) now")
        }
    }
}
