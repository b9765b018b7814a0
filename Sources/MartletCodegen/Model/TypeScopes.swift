/// How types are named from inside other types, given that an inner name hides an outer one.
struct TypeScopes {
    let names: TypeNames
    /// The types that each type declares, by its path.
    private var declared: [[String]: Set<String>] = [:]

    init(names: TypeNames, files: [FileModel], views: Views) {
        self.names = names
        for file in files {
            declared[file.namespace?.path ?? [], default: []].formUnion(
                file.messages.map(\.swiftName) + file.enums.map(\.swiftName)
                    + file.services.flatMap(\.declaredNames))
        }
        for message in files.flatMap(\.messages).flatMap(\.withNested) {
            declared[names[message.fullName].path] = Set(
                message.messages.map(\.swiftName) + message.enums.map(\.swiftName)
                    + message.members.compactMap { if case .oneof(let oneof) = $0 { oneof.typeName } else { nil } }
                    + (views.contain(message.fullName) ? ["View"] : []))
        }
    }

    /// The shortest way to write a type inside the message `scope`, nil standing for outside of all messages.
    /// Nil where no way leads to it. Both are full protobuf names.
    func spelling(of type: String, in scope: String?) -> String? {
        let name = names[type]
        guard let scope = scope.map({ names[$0] }) else { return name.absolute }
        guard scope.qualifier == name.qualifier else {
            let hidesModule = scope.path.indices.contains { depth in
                declared[Array(scope.path[...depth])]?.contains(name.qualifier ?? name.path[0]) ?? false
            }
            return hidesModule ? nil : name.absolute
        }
        let shared = zip(scope.path, name.path).prefix { $0 == $1 }.count
        // What Martlet's namespaces are in has the module's name before it.
        let outermost = scope.qualifier == nil ? 0 : scope.namespaceDepth
        guard shared >= outermost else { return name.absolute }
        for start in (outermost...min(shared, name.path.count - 1)).reversed() {
            let isHidden = (start..<scope.path.count).contains { depth in
                declared[Array(scope.path[...depth])]?.contains(name.path[start]) ?? false
            }
            if !isHidden { return name.path[start...].joined(separator: ".") }
        }
        return name.qualifier == nil ? nil : name.absolute
    }
}
