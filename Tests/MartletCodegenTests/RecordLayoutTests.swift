import MartletSchema
import Testing

@testable import MartletCodegen

@Suite struct RecordLayoutTests {
    /// `name@offset`, with `?` and the offset of the presence flag or `:` and that of the oneof's case.
    private func layout(_ fields: String, syntax: String = "proto3") throws -> (fields: String, size: Int) {
        let text = "syntax = \"\(syntax)\";\nmessage M { \(fields) }\nmessage N {}"
        let result = SchemaCompiler(providers: [InMemoryFiles(["a.proto": text])]).compile(["a.proto"])
        let schema = try #require(result.schema)
        let modules = Modules(GeneratorOptions())
        let names = TypeNames(schema, modules: modules, runtimeModule: "Martlet")
        let message = ModelBuilder(
            file: try #require(schema.file("a.proto")), schema: schema, names: names,
            modules: Modules(GeneratorOptions()), options: GeneratorOptions()
        ).build()
            .messages[0]
        let layout = RecordLayout(message)
        let slots = message.fields.map { field in
            let slot = layout[field]
            let has = slot.has.map { "?\($0)" } ?? ""
            let oneofCase = slot.oneofCase.map { ":\($0)" } ?? ""
            return "\(field.protoName)@\(slot.offset)\(has)\(oneofCase)"
        }
        return (slots.joined(separator: " "), layout.size)
    }

    @Test(arguments: [
        ("", "", 24),
        ("string a = 1;", "a@24?40", 48),
        ("int32 a = 1;", "a@24?28", 32),
        ("int64 a = 1;", "a@24?32", 40),
        ("bool a = 1;", "a@24?32", 40),
        ("N a = 1;", "a@24", 32),
        ("repeated int32 a = 1;", "a@24", 40),
        ("map<int32, N> a = 1;", "a@24", 40),
        ("int32 a = 1; string b = 2; float c = 3; double d = 4;", "a@48?52 b@24?56 c@60?64 d@40?68", 72),
        ("oneof o { int32 a = 1; N b = 2; string c = 3; } int32 d = 4;", "a@24:40 b@24:40 c@24:40 d@44?48", 56),
        ("optional string a = 1; optional N b = 2;", "a@24?48 b@40", 56),
    ])
    func layout(fields: String, expected: String, size: Int) throws {
        let layout = try layout(fields)
        #expect(layout.fields == expected)
        #expect(layout.size == size)
    }

    @Test func requiredFieldsHaveFlagsButMessagesDoNot() throws {
        let layout = try layout("required int32 a = 1; required N b = 2; optional bytes c = 3;", syntax: "proto2")
        #expect(layout.fields == "a@48?52 b@24 c@32?56")
    }
}
