import Foundation
import MartletSchema
import Testing

/// All the `.proto` files of directories outside of the repository, such as site-packages with PyPI's
/// googleapis-common-protos, or what Debian's packages hold. MARTLET_PROTO_CORPUS names them with `:` between; further include
/// directories of one follow it with `,` between.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["MARTLET_PROTO_CORPUS"] != nil && Protoc.installed.isThere,
        "MARTLET_PROTO_CORPUS names no directories, or protoc 3.21 is not installed"))
struct CorpusTests {
    static let corpora = (ProcessInfo.processInfo.environment["MARTLET_PROTO_CORPUS"] ?? "").split(separator: ":")

    @Test(arguments: corpora.map(String.init)) func agree(_ corpus: String) throws {
        let roots = corpus.split(separator: ",").map(String.init)
        let names = protoFiles(under: roots[0])
        #expect(!names.isEmpty, "there is no .proto file under \(roots[0])")
        let editions = try names.filter { name in
            try String(decoding: Data(contentsOf: URL(filePath: "\(roots[0])/\(name)")), as: UTF8.self)
                .split(separator: "\n").contains { $0.hasPrefix("edition") }
        }
        let others = names.filter { !editions.contains($0) }
        for start in stride(from: 0, to: others.count, by: 50) {
            try compare(others[start..<min(start + 50, others.count)], roots + [Protoc.installed.include!], .installed)
        }
        if Protoc.python.isThere { for name in editions { try compare([name], roots, .python) } }
    }

    /// Many at a time, since starting protoc takes longer than what it does. When it refuses them, each half has its turn,
    /// down to the file that it doesn't like.
    private func compare(_ names: ArraySlice<String>, _ roots: [String], _ protoc: Protoc) throws {
        if let theirs = try? protoc.describe(Array(names), roots: roots, imports: false) {
            try Comparison(protoc: protoc, roots: roots).compare(Array(names), theirs: theirs, imports: false)
        } else if names.count > 1 {
            let middle = (names.startIndex + names.endIndex) / 2
            try compare(names[..<middle], roots, protoc)
            try compare(names[middle...], roots, protoc)
        } else if let name = names.first {
            let result = SchemaCompiler(providers: [DirectoryFiles(roots: roots)]).compile([name])
            #expect(result.schema == nil, "protoc refuses \(name)")
        }
    }
}
