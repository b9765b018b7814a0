// Names the public symbols that have no documentation comment, and fails if there are any.
//
//     swift scripts/undocumented.swift SYMBOLS…
//
// SYMBOLS are symbol graphs. Members of generated code are left out: what can be said of them is in the .proto files.

import Foundation

struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
        struct Identifier: Decodable { var precise: String }
        struct Kind: Decodable { var identifier: String }
        struct Comment: Decodable {}
        struct Location: Decodable {
            struct Position: Decodable { var line: Int }

            var uri: String
            var position: Position
        }

        var identifier: Identifier
        var kind: Kind
        var pathComponents: [String]
        var docComment: Comment?
        /// None: the compiler made it.
        var location: Location?

        /// Such as `Sources/MartletCore/Message.swift:12: Message.serialized()`; nil if nothing is missing.
        var complaint: String? {
            guard docComment == nil, kind.identifier != "swift.extension", let location,
                !identifier.precise.contains("::SYNTHESIZED::"), !location.uri.contains("/Generated/")
            else { return nil }
            let path = location.uri.range(of: "/Sources/").map { "Sources/" + location.uri[$0.upperBound...] }
            return "\(path ?? location.uri):\(location.position.line + 1): \(pathComponents.joined(separator: "."))"
        }
    }

    var symbols: [Symbol]
}

var complaints: Set<String> = []
for path in CommandLine.arguments.dropFirst() {
    let graph = try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    complaints.formUnion(graph.symbols.compactMap(\.complaint))
}
for complaint in complaints.sorted() { print(complaint) }
if !complaints.isEmpty {
    print("\(complaints.count) public symbols have no documentation comment.")
    exit(1)
}
