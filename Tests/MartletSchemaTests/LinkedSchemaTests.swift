import MartletDescriptors
import MartletMessages
import MartletSchema
import Testing

/// Schemas made from descriptors that somebody else has compiled.
@Suite struct LinkedSchemaTests {
    typealias File = GoogleProtobuf.FileDescriptorProto
    typealias Field = GoogleProtobuf.FieldDescriptorProto
    typealias Message = GoogleProtobuf.DescriptorProto

    @Test func holdsWhatWasCompiled() throws {
        let names = Fixtures.files.keys.sorted()
        let compiled = try #require(SchemaCompiler(providers: [InMemoryFiles(Fixtures.files)]).compile(names).schema)
        let linked = try Schema(linked: compiled.files.map(\.descriptor), roots: Set(names))
        #expect(linked.files.map(\.descriptor) == compiled.files.map(\.descriptor))
        #expect(linked.files.map(\.isRoot) == compiled.files.map(\.isRoot))
        let message = try #require(linked.message(".rich.v1.M"))
        #expect(message.file == "proto2.proto" && message.path == [4, 1])
        #expect(linked.file("proto2.proto")?.comments(at: [6, 0])?.leading == " Svc\n")
    }

    private static func file(_ change: (inout File) -> Void) -> [File] {
        var file = File(name: "a.proto", package: "a")
        file.messageType = [Message(name: "M"), Message(name: "N")]
        file.enumType = [.init(name: "E", value: [.init(name: "ZERO", number: 0)])]
        change(&file)
        return [file]
    }

    private static func field(_ change: (inout Field) -> Void) -> [File] {
        file { file in
            var field = Field(name: "f", number: 1, label: .optional, type: .int32)
            change(&field)
            file.messageType[0].field = [field]
        }
    }

    private static func mapEntry(_ change: (inout Message) -> Void) -> [File] {
        file { file in
            var entry = Message(name: "FEntry", options: .init(mapEntry: true))
            entry.field = [
                Field(name: "key", number: 1, label: .optional, type: .string),
                Field(name: "value", number: 2, label: .optional, type: .int32),
            ]
            change(&entry)
            file.messageType[0].nestedType = [entry]
            file.messageType[0].field = [
                Field(name: "f", number: 1, label: .repeated, type: .message, typeName: ".a.M.FEntry")
            ]
        }
    }

    static let wrong: [(files: [File], expected: String)] = [
        ([File()], ": a file without a name"),
        ([File(name: "a.proto"), File(name: "a.proto")], "a.proto: the file is there twice"),
        (
            [File(name: "a.proto", dependency: ["b.proto"])],
            "a.proto: imports b.proto, which is missing: write descriptors with their imports (--include-imports, "
                + "protoc's --include_imports)"
        ),
        (file { $0.package = "a..b" }, "a.proto: \"a..b\" is no package name"),
        (file { $0.messageType[0].name = "M {}" }, "a.proto: \"M {}\" is no name for a type"),
        (file { $0.messageType[1].name = "M" }, "a.proto: a.M is declared twice"),
        (file { $0.enumType[0].value = [] }, "a.proto: enum a.E has no values"),
        (file { $0.enumType[0].value[0].name = "1" }, "a.proto: \"1\" is no name for a value of a.E"),
        (file { $0.messageType[0].oneofDecl = [.init()] }, "a.proto: \"\" is no name for a oneof"),
        (file { $0.service = [.init()] }, "a.proto: \"\" is no name for a service"),
        (
            file { $0.service = [.init(name: "S", method: [.init(inputType: ".a.M", outputType: ".a.M")])] },
            "a.proto: \"\" is no name for a method"
        ),
        (
            file { $0.service = [.init(name: "S", method: [.init(name: "D", inputType: ".a.E", outputType: ".a.M")])] },
            "a.proto: .a.E is mentioned where a message belongs, and is none"
        ),
        (
            file { $0.extension = [Field(name: "x", number: 1, label: .optional, type: .int32)] },
            "a.proto: nothing is mentioned where a message belongs, and is none"
        ),
        (field { $0.name = nil }, "a.proto: \"\" is no name for a field"),
        (field { $0.number = 0 }, "a.proto: field f has no number that a field may have"),
        (field { $0.oneofIndex = 0 }, "a.proto: field f is in a oneof that isn't there"),
        (field { $0.type = nil }, "a.proto: field f has no type, or one, which it can't have"),
        (
            field { ($0.type, $0.typeName) = (.message, ".a.Missing") },
            "a.proto: field f has no type, or .a.Missing, which it can't have"
        ),
        (
            field { ($0.type, $0.typeName) = (.message, ".a.E") },
            "a.proto: field f has no type, or .a.E, which it can't have"
        ),
        (
            field { ($0.type, $0.typeName, $0.defaultValue) = (.enum, ".a.E", "ONE") },
            "a.proto: field f has the default ONE, which is no value of its enum"
        ),
        (field { $0.defaultValue = "x" }, "a.proto: field f has the default \"x\", which its type can't be"),
        (mapEntry { $0.field.removeLast() }, "a.proto: a.M.FEntry doesn't look like the entry of a map"),
        (mapEntry { $0.field[0].type = .double }, "a.proto: a.M.FEntry doesn't look like the entry of a map"),
        (mapEntry { $0.name = "G" }, "a.proto: field f has no type, or .a.M.FEntry, which it can't have"),
    ]

    @Test(arguments: wrong.indices)
    func refuses(_ index: Int) throws {
        let (files, expected) = Self.wrong[index]
        let problem = #expect(throws: SchemaDiagnostic.self) { try Schema(linked: files) }
        #expect(problem?.description == expected)
    }

    @Test func takesWhatTheWrongOnesAreMadeOf() throws {
        for files in [Self.file { _ in }, Self.field { _ in }, Self.mapEntry { _ in }] {
            #expect(try Schema(linked: files).files.count == 1)
        }
    }

    @Test func missesAFileThatWasAskedFor() {
        let problem = #expect(throws: SchemaDiagnostic.self) {
            try Schema(linked: Self.file { _ in }, roots: ["b.proto"])
        }
        #expect(problem?.description == "b.proto: asked for, but there is no descriptor of it")
    }

    @Test func placesComeFromSourceInfo() {
        let files = Self.field { $0.type = nil }.map { file in
            var file = file
            file.sourceCodeInfo = .init(location: [.init(path: [4, 0, 2, 0], span: [2, 4, 9])])
            return file
        }
        let problem = #expect(throws: SchemaDiagnostic.self) { try Schema(linked: files) }
        #expect(problem?.line == 3 && problem?.column == 5)
    }
}
