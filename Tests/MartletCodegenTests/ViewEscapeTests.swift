import Foundation
import Testing

/// What the compiler says where somebody keeps a view that was only lent.
@Suite struct ViewEscapeTests {
    private func errors(_ body: String) async throws -> String {
        try await withTemporaryDirectory { directory in
            let source = "import MartletMessages\n\(body)\n"
            try Data(source.utf8).write(to: directory.appending(path: "escape.swift"))
            let expected = Places.tests.appending(path: "Golden/views/expected/views.martlet.swift").path
            let outcome = try await run(
                "swiftc",
                [
                    "-emit-sil", "-o", "escape.sil", "-wmo", "-swift-version", "6", "-module-name", "Escape",
                    "-I", Places.products.appending(path: "Modules").path,
                    "-I", Places.repository.appending(path: "Sources/CProtobufC").path, "escape.swift", expected,
                ], in: directory)
            return outcome.errors
        }
    }

    @Test(arguments: [
        (
            "func keep() throws { var kept: Viewed.View?; try Viewed.withView(serialized: []) { kept = $0 } }",
            "is consuming"
        ),
        (
            "func pass() throws -> Viewed.View { try Viewed.withView(serialized: []) { $0 } }",
            "requires that 'Viewed.View' conform to 'Copyable'"
        ),
        (
            "func nested(_ view: borrowing Viewed.View) { let part = view.part; _ = part.hasParent }",
            "'view.part' is borrowed and cannot be consumed"
        ),
        (
            "func list(_ view: borrowing Viewed.View) { let parts = view.parts; _ = parts.count }",
            "'view.parts' is borrowed and cannot be consumed"
        ),
        (
            "func task(_ view: borrowing Viewed.View) { _ = Task { view.number } }",
            "'view' cannot be captured by an escaping closure since it is a borrowed parameter"
        ),
    ])
    func refused(body: String, expected: String) async throws {
        let errors = try await errors(body)
        #expect(errors.contains("error: ") && errors.contains(expected), "\(errors)")
    }

    @Test func allowed() async throws {
        let body = """
            func read(_ view: borrowing Viewed.View) async throws -> Int32 {
                await Task.yield()
                return view.number + view.part.parent.number + Int32(view.parts.count)
            }
            func own() async throws -> Int32 { try await read(Viewed.View(serialized: [])) }
            """
        #expect(try await errors(body) == "")
    }
}
