/// The messages that get a view.
struct Views {
    private let names: Set<String>

    /// Those of the files that the options or a method ask for, with all that can be reached from them.
    init(files: [FileModel], all: Bool) {
        let messages = files.flatMap(\.messages).flatMap(\.withNested)
        if all {
            names = Set(messages.map(\.fullName))
            return
        }
        let byName = Dictionary(uniqueKeysWithValues: messages.map { ($0.fullName, $0) })
        var found: Set<String> = []
        var rest = files.flatMap(\.services).flatMap(\.methods).filter(\.viewsRequest).map(\.request)
        while let name = rest.popLast() {
            guard let message = byName[name], found.insert(name).inserted else { continue }
            rest += message.fields.compactMap { if case .message(let name) = $0.type { name } else { nil } }
        }
        names = found
    }

    func contain(_ fullName: String) -> Bool { names.contains(fullName) }
}
