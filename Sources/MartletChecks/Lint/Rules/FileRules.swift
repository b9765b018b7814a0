internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension LintRule {
    static let fileRules = [
        LintRule("FILE_LOWER_SNAKE_CASE", .standard, "Files are named like_this.proto.") { scope in
            scope.files.compactMap { file in
                let name = file.file.name.split(separator: "/").last.map(String.init) ?? ""
                let base = name.hasSuffix(".proto") ? String(name.dropLast(6)) : name
                guard !WordCase.lowerSnake.allows(base) else { return nil }
                return LintProblem(
                    file: file.file, path: [],
                    message: "file `\(name)` should be `\(WordCase.lowerSnake.spelling(of: base)).proto`")
            }
        },
        LintRule("SYNTAX_SPECIFIED", .basic, "Files say their syntax or edition.") { scope in
            scope.files.compactMap { file in
                let places = [[PathNumber.File.syntax], [PathNumber.File.edition]]
                let locations = file.file.descriptor.sourceCodeInfo?.location ?? []
                guard !locations.contains(where: { places.contains($0.path) }) else { return nil }
                return LintProblem(
                    file: file.file, path: [],
                    message: "the file should start with `syntax = \"proto3\";` or what else it is written in")
            }
        },
        LintRule(
            "FIELD_NOT_REQUIRED", .basic, "No field is required, since that can never be undone.", each: \.fields,
            problem: { field, file in
                file.fieldRules(at: field.path).presence == .required
                    ? "field `\(field.name)` should not be required" : nil
            }),
    ]
}
