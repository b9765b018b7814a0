import Foundation
import MartletSchema
import Testing

/// Whatever the text, there is an answer soon, and it is an error or a schema.
@Suite struct RobustnessTests {
    static let rich = """
        // Detached.

        /* Leading. */
        syntax = "proto2";
        package rich.v1; // trailing
        import public "google/protobuf/descriptor.proto";
        option java_package = "a" 'b\\n';
        option (file).part = { s: "}" d: -1 my_map { key: "k" value { e: C part: { d: 1 } } } };
        extend google.protobuf.FileOptions { optional M.N file = 50001; }
        message M {
          optional string s = 1 [default = "x", json_name = "S", deprecated = true];
          repeated int64 r = 2 [packed = true];
          required double d = 3 [default = -1.5e10];
          map<string, N> my_map = 4;
          oneof choice { string x = 5; group Group = 6 { optional int32 z = 1; } }
          reserved 30, 40 to 50; reserved "foo", "bar";
          extensions 100 to max;
          extend M { optional int32 in_m = 100; }
          message N { option deprecated = true; optional M part = 1; optional E e = 2 [default = B]; }
          enum E { option allow_alias = true; A = 0; B = 1 [deprecated = true]; C = 1; reserved -5 to -1; }
        }
        service S {
          option deprecated = true;
          rpc Do(stream M) returns (stream .rich.v1.M) { option idempotency_level = IDEMPOTENT; }
        }

        """

    /// In place of the real one, which takes longer to read than everything else here.
    static let imported = [
        "google/protobuf/descriptor.proto":
            "syntax = \"proto2\"; package google.protobuf; "
            + "message FileOptions { optional string java_package = 1; extensions 1000 to max; }"
    ]

    @Test func theWholeTextIsSound() {
        #expect(diagnostics(Self.rich, with: Self.imported).isEmpty)
    }

    @Test func everyPrefixHasAnAnswer() {
        let bytes = Array(Self.rich.utf8)
        for count in 0..<bytes.count {
            let result = compile(String(decoding: bytes[..<count], as: UTF8.self), with: Self.imported)
            #expect((result.schema == nil) == result.diagnostics.contains { $0.severity == .error })
        }
    }

    @Test(arguments: 0..<8) func mutatedTokensHaveAnAnswer(_ seed: UInt64) {
        let tokens = Self.rich.split(whereSeparator: \.isWhitespace).map(String.init)
        let others = [
            "{", "}", ";", "(", ")", "[", "]", "=", "-", ".", "\"", "/*", "9999999999999999999999", "é", "\0",
        ]
        var random = SplitMix(state: seed)
        for _ in 0..<250 {
            var mutated = tokens
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: mutated.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated.remove(at: index)
                case 1: mutated[index] = others.randomElement(using: &random)!
                case 2: mutated.insert(others.randomElement(using: &random)!, at: index)
                default: mutated.swapAt(index, Int.random(in: mutated.indices, using: &random))
                }
            }
            let result = compile(mutated.joined(separator: " "), with: Self.imported)
            #expect((result.schema == nil) == result.diagnostics.contains { $0.severity == .error })
        }
    }

    @Test(arguments: [
        "message A {", "enum A {", "{", "[", "(", "option a = {", "message A { oneof b {", "/*", "\"", "extend A {",
    ])
    func repetitionHasAnAnswer(_ piece: String) {
        #expect(compile("syntax = \"proto2\";" + String(repeating: piece, count: 10_000)).schema == nil)
    }

    /// Any byte may stand anywhere.
    @Test(arguments: 0..<4) func mutatedBytesHaveAnAnswer(_ seed: UInt64) {
        let edition = Self.rich.replacingOccurrences(of: "syntax = \"proto2\";", with: "edition = \"2023\";")
        var random = SplitMix(state: seed)
        for _ in 0..<250 {
            var bytes = Array((Bool.random(using: &random) ? Self.rich : edition).utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
                default:
                    let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
                    bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: bytes.indices, using: &random))
                }
            }
            let result = SchemaCompiler(providers: [OneFile(text: bytes), InMemoryFiles(Self.imported)])
                .compile(["t.proto"])
            #expect((result.schema == nil) == result.diagnostics.contains { $0.severity == .error })
        }
    }

    private struct OneFile: SchemaFileProvider {
        let text: [UInt8]

        func read(_ name: String) -> SchemaFileContents {
            name == "t.proto" ? .found(text: text, shownAs: name) : .missing(lookedIn: [])
        }
    }

    /// Work grows with the text, not with its square: each of these took minutes once.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "message M { reserved |N, |1; }", "enum E { A = 0; reserved |N, |1; }", "message M { extensions |N, |1; }",
            "message M { |optional X f = 1; |}", "|option (xN) = 1; |", "|import \"xN.proto\"; |",
            "|message MN { optional XN a = 1; } |", "package a|.a|;",
        ])
    func longListsHaveAnAnswer(_ form: String) {
        let parts = form.split(separator: "|", omittingEmptySubsequences: false)
        let items = (0..<10_000).map { parts[1].replacing("N", with: String($0 * 2 + 1)) }
        let result = compile("syntax = \"proto2\"; \(parts[0])\(items.joined())\(parts[2])")
        #expect(result.schema == nil)
        #expect(result.diagnostics.count <= 200)
    }

    /// A hundred warnings don't hide an error.
    @Test func errorsAreNotLostBehindWarnings() {
        let fields = (1...150).map { "optional int32 a_x\($0) = \($0 * 2); optional int32 aX\($0) = \($0 * 2 + 1); " }
        let result = compile("syntax = \"proto2\"; message M { \(fields.joined()) } message N { optional X x = 1; }")
        #expect(result.schema == nil)
        #expect(result.diagnostics.filter { $0.severity == .error }.count == 1)
    }

    @Test func longChainsOfImportsHaveAnAnswer() {
        var files: [String: String] = [:]
        for i in 0..<5_000 { files["\(i).proto"] = "syntax = \"proto3\"; import \"\(i + 1).proto\"; message M\(i) {}" }
        files["5000.proto"] = "syntax = \"proto3\";"
        #expect(
            compile("syntax = \"proto3\"; import \"0.proto\"; message M { M0 m = 1; }", with: files).schema?.files.count
                == 5_002)
    }

    /// A small generator, so that a failure repeats.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
