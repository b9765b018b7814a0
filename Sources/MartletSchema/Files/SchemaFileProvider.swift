/// Where the text of `.proto` files comes from.
package protocol SchemaFileProvider: Sendable {
    /// The file that `import "name";` means.
    func read(_ name: String) -> SchemaFileContents
}

package enum SchemaFileContents: Sendable {
    /// `shownAs` is the file's name in messages to people.
    case found(text: [UInt8], shownAs: String)
    case missing(lookedIn: [String])
    /// There is such a file, but it can't be used.
    case unreadable(shownAs: String, reason: String)
}

/// Files given as text, by import name.
package struct InMemoryFiles: SchemaFileProvider {
    private let texts: [String: String]

    package init(_ texts: [String: String]) {
        self.texts = texts
    }

    package func read(_ name: String) -> SchemaFileContents {
        texts[name].map { .found(text: Array($0.utf8), shownAs: name) } ?? .missing(lookedIn: ["memory"])
    }
}

/// The files that come with Martlet: `google/protobuf/*.proto`, `google/rpc/*.proto` and `martlet/options.proto`.
package struct WellKnownFiles: SchemaFileProvider {
    package init() {}

    package static var names: [String] { wellKnownProtos.keys.sorted() }

    package func read(_ name: String) -> SchemaFileContents {
        wellKnownProtos[name].map { .found(text: Array($0.utf8), shownAs: name) } ?? .missing(lookedIn: [])
    }
}
