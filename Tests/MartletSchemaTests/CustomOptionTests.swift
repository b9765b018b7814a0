import MartletDescriptors
import MartletMessages
import Testing

@testable import MartletSchema

@Suite struct CustomOptionTests {
    /// Declarations for the options of the cases, as a file of its own.
    static let declarations = """
        syntax = "proto2";
        import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions {
          optional int32 number = 50000;
          optional M message = 50001;
          repeated M list = 50002;
          optional E color = 50003;
        }
        enum E { RED = 1; GREEN = 2; }
        message M {
          optional int32 a = 1;
          optional M m = 2;
          repeated string s = 3;
          oneof o { int32 x = 4; bool y = 5; }
          extensions 100 to 200;
        }
        """

    private func compile(_ option: String) -> SchemaResult {
        MartletSchemaTests.compile(
            "syntax = \"proto3\"; import \"o.proto\"; message T { \(option) }", with: ["o.proto": Self.declarations])
    }

    @Test(arguments: [
        ("option (number) = -1;", [0x80, 0xB5, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ("option (color) = GREEN;", [0x98, 0xB5, 0x18, 2]),
        ("option (.message).m.a = 5;", [0x8A, 0xB5, 0x18, 4, 0x12, 2, 8, 5]),
        ("option (message) = { s: ['a', \"b\"] a: 0x7 };", [0x8A, 0xB5, 0x18, 8, 8, 7, 0x1A, 1, 97, 0x1A, 1, 98]),
        ("option (list) = {}; option (list) = { m < > };", [0x92, 0xB5, 0x18, 0, 0x92, 0xB5, 0x18, 2, 0x12, 0]),
    ])
    func becomeUnknownFields(_ option: String, _ expected: [UInt8]) {
        let result = compile(option)
        #expect(result.diagnostics.isEmpty)
        #expect(result.schema?.message("T")?.descriptor.options?.unknownFields.bytes == expected)
    }

    @Test(arguments: [
        (
            "option (numbr) = 1;",
            "unknown option `(numbr)`; import the file that declares it with `extend google.protobuf.MessageOptions`"
        ),
        ("option (number) = \"x\";", "option `(number)` takes a whole number from -2147483648 to 2147483647"),
        ("option (number) = 2147483648;", "option `(number)` takes a whole number from -2147483648 to 2147483647"),
        ("option (number) = { a: 1 };", "option `(number)` takes a single value, not a message"),
        ("option (number).a = 1;", "`number` has no parts that can be set one by one"),
        ("option (list).a = 1;", "`list` has no parts that can be set one by one; write `= { … }` for each"),
        ("option (message).aa = 1;", "`M` has no field `aa`"),
        ("option (message) = 1;", "option `(message)` takes a message in braces: `{ field: value }`"),
        ("option (color) = GREN;", "option `(color)` takes one of `RED`, `GREEN`"),
        ("option (color) = 3;", "option `(color)` takes one of `RED`, `GREEN`"),
        ("option (number) = 1; option (number) = 2;", "option `(number)` is set twice; remove one"),
        ("option (message).a = 1; option (message) = {};", "option `(message)` is set twice; remove one"),
        ("option (message) = { a: 1 a: 2 };", "option `(message)` sets `a` twice"),
        ("option (message) = { x: 1 y: true };", "option `(message)` sets two fields of the oneof `o`"),
        ("option (message) = { q: 1 };", "option `(message)` sets `q`, but `M` has no such field"),
        ("option (message) = { a 1 };", "option `(message)` misses `:` after `a`"),
        ("option (message) = { a: };", "option `(message)` has the end where a value is expected"),
        (
            "option (message) = { a: yes };",
            "option `(message)` has the field `a`, which takes a whole number from -2147483648 to 2147483647"
        ),
        ("option (message) = { m: 5 };", "option `(message)` has `5` where `{` is expected"),
        (
            "option (message) = { [none]: 5 };",
            "unknown option `(none)`; import the file that declares it with `extend M`"
        ),
    ])
    func sayWhatIsWrong(_ option: String, _ expected: String) {
        let messages = compile(option).diagnostics.filter { $0.severity == .error }.map(\.message)
        #expect(messages.count == 1 && messages[0].hasSuffix(expected), "\(messages)")
    }

    @Test func limitNesting() {
        let text = String(repeating: "m {", count: 10_000) + String(repeating: "}", count: 10_000)
        #expect(
            compile("option (message) = { \(text) };").diagnostics.map(\.message) == [
                "option `(message)` nests messages deeper than 100 levels"
            ])
    }
}
